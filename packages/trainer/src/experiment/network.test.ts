import { createNetwork, type LayerSpec } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { validateConfig } from "../config/resolve";
import type { ConfigInput } from "../config/schema";
import { networkOf } from "./network";
import { lossOf } from "./training";

const data = { inputShape: [2, 5], outputs: 3 };
const specOf = (input: ConfigInput) =>
  networkOf(
    validateConfig({ hiddenLayers: [4, 6], activations: ["tanh", "relu"], ...input }),
    data,
  );
const each = <K extends keyof LayerSpec>(input: ConfigInput, key: K) =>
  specOf(input).layers.map((layer) => layer[key]);

describe("the network of a run", () => {
  test("has the layers that are asked for, and nothing that is not", () => {
    const scaled = { name: "lecunNormal", scale: 1 } as const;
    const initial = { kernelInitializer: scaled, feedbackInitializer: scaled };
    expect(specOf({ mode: "kp" })).toEqual({
      inputShape: [5],
      rule: "kp",
      layers: [
        { type: "dense", units: 4, activation: "tanh", ...initial },
        { type: "dense", units: 6, activation: "relu", ...initial },
        { type: "dense", units: 3, activation: "identity", ...initial },
      ],
    });
  });

  test("has an output activation", () => {
    expect(each({ outputActivation: "sigmoid" }, "activation")).toEqual([
      "tanh",
      "relu",
      "sigmoid",
    ]);
  });

  test("has a rule for each layer", () => {
    const spec = specOf({ layerModes: ["dfa", "drtp", "bp"] });
    expect(spec.layers.map(({ rule }) => rule)).toEqual(["dfa", "drtp", "bp"]);
    expect(createNetwork(spec).rules.map(({ name }) => name)).toEqual(["dfa", "drtp", "bp"]);
  });

  test("constrains and clips every layer", () => {
    expect(each({ constrainNorm: true }, "constrainNorm")).toEqual([true, true, true]);
    expect(each({ clipNorm: 0.5 }, "clipNorm")).toEqual([0.5, 0.5, 0.5]);
  });

  test("has sparse feedback where there is feedback", () => {
    expect(each({ mode: "dfa", feedbackConnections: 2 }, "feedbackConnections")).toEqual([2, 2, 2]);
    expect(
      each({ layerModes: ["dfa", "bp", "usf"], feedbackConnections: 2 }, "feedbackConnections"),
    ).toEqual([2, undefined, undefined]);
  });

  test("mirrors where a rule does, with what is given", () => {
    expect(each({ layerModes: ["fa", "wm", "bp"], mirrorRate: 0.1 }, "mirroring")).toEqual([
      undefined,
      { rate: 0.1 },
      undefined,
    ]);
    const [mirroring] = each(
      {
        mode: "wm",
        mirrorSteps: 2,
        mirrorBatch: 8,
        mirrorRate: 0.1,
        mirrorDecay: 0,
        mirrorNoise: 0.5,
      },
      "mirroring",
    );
    expect(mirroring).toEqual({ steps: 2, batch: 8, rate: 0.1, decay: 0, stddev: 0.5 });
    expect(each({ mode: "wm" }, "mirroring")).toEqual([undefined, undefined, undefined]);
  });
});

describe("initial weights", () => {
  test.each([
    ["lecun", { name: "lecunNormal", scale: 2 }],
    ["uniform", { name: "uniform", scale: 2 }],
    [
      "variance_scaling",
      { name: "varianceScaling", scale: 2, mode: "fanIn", distribution: "normal" },
    ],
    ["lecunUniform", { name: "lecunUniform", scale: 2 }],
    ["glorotNormal", { name: "glorotNormal", scale: 2 }],
    ["glorotUniform", { name: "glorotUniform", scale: 2 }],
    ["heNormal", { name: "heNormal", scale: 4 }],
    ["heUniform", { name: "heUniform", scale: 4 }],
  ] as const)("%s, with its variance doubled", (initializer, expected) => {
    const [layer] = specOf({ initializer, scaleW: 2 }).layers;
    expect(layer?.kernelInitializer).toEqual(expected);
  });

  test("of He are He's at a scale of 1", () => {
    const [layer] = specOf({ initializer: "heNormal" }).layers;
    expect(layer?.kernelInitializer).toEqual({ name: "heNormal", scale: 2 });
  });

  test("of the feedback are drawn as the kernels, unless it is said how", () => {
    expect(specOf({ initializer: "glorotNormal", scaleB: 3 }).layers[0]).toMatchObject({
      kernelInitializer: { name: "glorotNormal", scale: 1 },
      feedbackInitializer: { name: "glorotNormal", scale: 3 },
    });
    expect(
      specOf({ initializer: "lecun", feedbackInitializer: "heUniform", scaleB: 0.5 }).layers[0],
    ).toMatchObject({
      kernelInitializer: { name: "lecunNormal", scale: 1 },
      feedbackInitializer: { name: "heUniform", scale: 1 },
    });
  });
});

test.each([
  [{ dataset: "mnist" }, "softmaxCrossEntropy"],
  [{ dataset: "sinreg" }, "meanSquaredError"],
  [{ dataset: "teacher" }, "meanSquaredError"],
  [{ dataset: "mnist", loss: "sigmoidCrossEntropy" }, "sigmoidCrossEntropy"],
] as const)("the loss of %j is %s", (input, loss) => {
  expect(lossOf(validateConfig(input))).toBe(loss);
});
