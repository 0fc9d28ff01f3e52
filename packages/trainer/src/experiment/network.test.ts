import { createNetwork, type DenseSpec, hasKernel } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import type { ConfigInput } from "../config/schema";
import { validateConfig } from "../resolve/resolve";
import { networkOf } from "./network";
import { lossOf } from "./training";

const data = { name: "rows", inputShape: [2, 5], outputs: 3 };
const specOf = (input: ConfigInput) =>
  networkOf(
    validateConfig({ hiddenLayers: [4, 6], activations: ["tanh", "relu"], ...input }),
    data,
  );
const layersOf = (input: ConfigInput) => specOf(input).layers as readonly DenseSpec[];
const each = <K extends keyof DenseSpec>(input: ConfigInput, key: K) =>
  layersOf(input).map((layer) => layer[key]);

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

  test("has dropout after each hidden layer, and none by default", () => {
    const { layers } = specOf({ dropout: 0.25, layerModes: ["fa", "kp", "bp"] });
    expect(layers.map((layer) => (layer.type === "dropout" ? layer.rate : layer.type))).toEqual([
      "dense",
      0.25,
      "dense",
      0.25,
      "dense",
    ]);
    expect(layers.map((layer) => "rule" in layer && layer.rule)).toEqual([
      "fa",
      false,
      "kp",
      false,
      "bp",
    ]);
    expect(() => validateConfig({ dropout: 0.5, model: "lenet5" })).toThrow(
      "dropout and config: model: expected no dropout with the model lenet5",
    );
    expect(() => validateConfig({ dropout: 1 })).toThrow("up to, but not including, 1");
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
    expect((spec.layers as readonly DenseSpec[]).map(({ rule }) => rule)).toEqual([
      "dfa",
      "drtp",
      "bp",
    ]);
    expect(createNetwork(spec).rules.map((rule) => rule?.name)).toEqual(["dfa", "drtp", "bp"]);
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
    ["zeros", { name: "zeros" }],
  ] as const)("%s, with its variance doubled", (initializer, expected) => {
    const [layer] = layersOf({ initializer, scaleW: 2 });
    expect(layer?.kernelInitializer).toEqual(expected);
  });

  test("of He are He's at a scale of 1", () => {
    const [layer] = layersOf({ initializer: "heNormal" });
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
    // Nøkland's: kernels at 0, feedback not.
    expect(specOf({ initializer: "zeros", scaleB: 3 }).layers[0]).toMatchObject({
      kernelInitializer: { name: "zeros" },
      feedbackInitializer: { name: "lecunNormal", scale: 3 },
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

describe("the network of an architecture of images", () => {
  const images = {
    name: "images",
    inputShape: [784],
    imageShape: [28, 28, 1],
    outputs: 10,
  } as const;
  const kernels = (input: ConfigInput) =>
    networkOf(validateConfig(input), images).layers.filter(hasKernel);

  test("sees images, and has every layer's options", () => {
    const spec = networkOf(validateConfig({ model: "lenet5", mode: "kp", scaleB: 2 }), images);
    expect(spec.inputShape).toEqual([28, 28, 1]);
    expect(createNetwork(spec).layers.map(({ outputShape }) => outputShape)).toEqual([
      [28, 28, 6],
      [14, 14, 6],
      [10, 10, 16],
      [5, 5, 16],
      [1, 1, 120],
      [120],
      [84],
      [10],
    ]);
    for (const layer of spec.layers.filter(hasKernel))
      expect(layer.feedbackInitializer).toEqual({ name: "lecunNormal", scale: 2 });
  });

  test("has a rule for each layer that learns, and a projection", () => {
    const layerModes = ["dfa", "drtp", "dfa", "sdfa", "bp"] as const;
    const layers = kernels({
      model: "lenet5",
      layerModes: [...layerModes],
      feedbackProjection: "broadcast",
    });
    expect(layers.map(({ rule }) => rule)).toEqual(layerModes);
    expect(layers.map(({ feedbackProjection }) => feedbackProjection)).toEqual(
      layerModes.map(() => "broadcast"),
    );
  });

  test("wants images", () => {
    expect(() => networkOf(validateConfig({ model: "resnet20" }), data)).toThrow(
      "The model resnet20 looks at images, and the examples of rows are none. Choose a data set of images, or the model mlp.",
    );
  });

  test("of rows that are mapped on their own wants a target for each", () => {
    const mlp = (targetShape: readonly number[], inputShape = [2, 5]) =>
      networkOf(validateConfig({ dataset: "sinreg" }), { ...data, inputShape, targetShape });
    for (const targetShape of [[2], [2, 3]]) expect(() => mlp(targetShape)).not.toThrow();
    expect(() => mlp([], [5])).not.toThrow();
    for (const targetShape of [[], [1], [5, 2]])
      expect(() => mlp(targetShape)).toThrow(
        "The model mlp maps each row of an example on its own, and those of rows are sequences with one target for all. Choose one of the models rnn, gru, transformer.",
      );
  });

  test("wants a rule for each layer that learns", () => {
    expect(() => validateConfig({ model: "lenet5", layerModes: ["dfa", "bp"] })).toThrow(
      "lenet5, which has 5 layers that learn",
    );
  });
});
