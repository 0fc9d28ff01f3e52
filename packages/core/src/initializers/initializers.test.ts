import { describe, expect, test } from "@jest/globals";
import {
  createInitializer,
  createNetwork,
  type InitializerSpec,
  initializeWeights,
  initialValues,
  Random,
  type Weights,
} from "../index";

const moments = (values: Float32Array) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return {
    mean,
    stddev: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length),
  };
};

describe("initializers", () => {
  const [fanIn, fanOut] = [200, 300];
  test.each<[InitializerSpec, number, number]>([
    ["zeros", 0, 0],
    ["ones", 1, 0],
    [{ name: "constant", value: 0.5 }, 0.5, 0],
    [{ name: "uniform", scale: 0.3 }, 0, 0.3 / Math.sqrt(3)],
    [{ name: "normal", stddev: 0.2 }, 0, 0.2],
    [{ name: "normal", mean: 0.5, stddev: 0.2 }, 0.5, 0.2],
    ["lecunNormal", 0, Math.sqrt(1 / fanIn)],
    [{ name: "lecunNormal", scale: 4 }, 0, Math.sqrt(4 / fanIn)],
    ["lecunUniform", 0, Math.sqrt(1 / fanIn)],
    ["glorotNormal", 0, Math.sqrt(2 / (fanIn + fanOut))],
    ["glorotUniform", 0, Math.sqrt(2 / (fanIn + fanOut))],
    ["heNormal", 0, Math.sqrt(2 / fanIn)],
    ["heUniform", 0, Math.sqrt(2 / fanIn)],
    [
      { name: "varianceScaling", scale: 3, mode: "fanOut", distribution: "normal" },
      0,
      Math.sqrt(3 / fanOut),
    ],
  ])("%j has its mean and standard deviation", (spec, mean, stddev) => {
    const values = initialValues(createInitializer(spec), [fanIn, fanOut], new Random(7));
    const measured = moments(values);
    expect(createInitializer(spec)([fanIn, fanOut]).stddev).toBeCloseTo(stddev, 12);
    expect(measured.mean).toBeCloseTo(mean, 2);
    expect(Math.abs(measured.stddev - stddev)).toBeLessThanOrEqual(0.02 * stddev + 1e-7);
  });

  test("lecun normal is cut at two standard deviations of the uncut normal, as JAX does it", () => {
    const largest = initialValues(
      createInitializer("lecunNormal"),
      [100, 400],
      new Random(1),
    ).reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    expect(largest).toBeLessThanOrEqual((2 * 0.1) / 0.87962566 + 1e-6);
    expect(largest).toBeGreaterThan(0.2);
  });

  test("a receptive field counts into both fans", () => {
    for (const [mode, fan] of [
      ["fanIn", 5 * 5 * 4],
      ["fanOut", 5 * 5 * 8],
    ] as const) {
      const initializer = createInitializer({ name: "varianceScaling", mode });
      const values = initialValues(initializer, [5, 5, 4, 8], new Random(1));
      expect(moments(values).stddev).toBeCloseTo(Math.sqrt(1 / fan), 2);
    }
  });

  test.each([
    ["fa", [6, 5]],
    ["dfa", [5, 3]],
  ] as const)(
    "%s: a unit keeps as many feedback weights as it is to have",
    (rule, [units, sources]) => {
      const network = (feedbackConnections?: number) => {
        const options = feedbackConnections === undefined ? {} : { feedbackConnections };
        const spec = { type: "dense", units: 5, feedbackInitializer: "ones", ...options } as const;
        return createNetwork({
          inputShape: [6],
          rule,
          layers: [spec, { type: "dense", units: 3 }],
        });
      };
      const kept = (weights: Weights) =>
        Array.from({ length: units }, (_, unit) =>
          weights["layers.0.feedback"]!.subarray(unit * sources, (unit + 1) * sources).reduce(
            (total, weight) => total + weight,
            0,
          ),
        );
      expect(kept(initializeWeights(network(2), 0))).toEqual(Array(units).fill(2));
      expect(kept(initializeWeights(network(99), 0))).toEqual(Array(units).fill(sources));
      expect(initializeWeights(network(2), 0)).not.toEqual(initializeWeights(network(2), 1));
      const { "layers.0.feedback": _feedback, ...others } = initializeWeights(network(2), 0);
      expect(initializeWeights(network(), 0)).toMatchObject(others);
    },
  );

  test("each weight has an initializer of its own", () => {
    const { parameters } = createNetwork({
      inputShape: [3],
      rule: "fa",
      layers: [{ type: "dense", units: 2, feedbackInitializer: "ones" }],
    });
    expect(parameters.map(({ initializer }) => initializer)).toEqual([
      "lecunNormal",
      "zeros",
      "ones",
    ]);
  });

  test("an unknown distribution is named with the nearest", () => {
    expect(() =>
      createInitializer({ name: "varianceScaling", distribution: "norml" as "normal" }),
    ).toThrow(
      'expected "distribution" to be one of truncatedNormal, normal, uniform, received "norml". Did you mean "normal"?',
    );
  });

  test("networks that differ only in their rule start from the same kernels", () => {
    const start = (rule: "bp" | "dfa") =>
      initializeWeights(
        createNetwork({
          inputShape: [3],
          rule,
          layers: [
            { type: "dense", units: 4 },
            { type: "dense", units: 2 },
          ],
        }),
        5,
      );
    const [bp, dfa] = [start("bp"), start("dfa")];
    for (const name of Object.keys(bp)) expect(dfa[name]).toEqual(bp[name]);
    expect(Object.keys(dfa)).toEqual([
      "layers.0.kernel",
      "layers.0.bias",
      "layers.0.feedback",
      "layers.1.kernel",
      "layers.1.bias",
    ]);
    expect(dfa["layers.0.feedback"]).toHaveLength(4 * 2);
  });
});
