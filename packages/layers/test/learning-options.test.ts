import { createNetwork, initializeWeights, type RuleName } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioDense,
  bioNetwork,
  convert,
  directFeedback,
  fromSpec,
  loss,
  optimizer,
  readWeights,
} from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";
import { matrix } from "./matrices";

let xs: tf.Tensor;
let ys: tf.Tensor;
beforeAll(async () => {
  await tf.setBackend("wasm");
  xs = tf.randomNormal([12, 6], 0, 1, "float32", 1);
  ys = tf.randomNormal([12, 3], 0, 1, "float32", 2);
});

const fit = (model: tf.LayersModel, epochs = 5) => {
  model.compile({
    optimizer: optimizer({ name: "sgd", learningRate: 0.1, weightDecay: 0.05 }),
    loss: loss("meanSquaredError"),
  });
  return model.fit(xs, ys, { epochs, verbose: 0 });
};
const length = (x: tf.Tensor) => tf.norm(x).dataSync()[0]!;

describe("feedbackConnections", () => {
  test.each<RuleName>(["fa", "frsf", "dfa", "sdfa", "drtp"])(
    "%s: each unit keeps as many, the same as core's, and they stay",
    async (mode) => {
      const options = { feedbackConnections: 2, units: 3, inputShape: [6], seed: 4 };
      const model = bioNetwork({ mode, hiddenLayers: [5], ...options });
      const spec = (units: number) => ({ type: "dense", units, feedbackConnections: 2 }) as const;
      const network = createNetwork({ inputShape: [6], rule: mode, layers: [spec(5), spec(3)] });
      const before = await readWeights(model);
      expect(before).toEqual(initializeWeights(network, 4));
      const rows = matrix(
        tf.tensor2d(before["layers.0.feedback"]!, network.parameters[2]!.shape as [number, number]),
      );
      for (const row of rows) expect(row.filter((value) => value !== 0)).toHaveLength(2);
      if (mode !== "drtp") await fit(model);
      expect((await readWeights(model))["layers.0.feedback"]).toEqual(before["layers.0.feedback"]);
    },
  );

  test("holds for TensorFlow.js's initializers too", () => {
    const layer = bioDense({
      rule: "fa",
      units: 4,
      inputShape: [6],
      feedbackInitializer: tf.initializers.ones(),
      feedbackConnections: 3,
    });
    tf.sequential({ layers: [layer] });
    for (const row of matrix(layer.variables.feedback!.read()))
      expect([...row].sort()).toEqual([0, 1, 1, 1]);
  });
});

describe("how feedback weights start", () => {
  const shapes = [
    { feedbackRank: 1 },
    { feedbackRank: 2, feedbackConnections: 1 },
    { feedbackAlignment: 0.6 },
    { feedbackAlignment: 0.6, feedbackConnections: 2 },
  ];
  test.each(
    (["fa", "frsf", "dfa", "drtp"] as const).flatMap((mode) =>
      shapes.map((shape) => [mode, shape] as const),
    ),
  )("%s, %j: as core's", async (mode, shape) => {
    const options = { ...shape, units: 3, inputShape: [6], seed: 4 };
    const model = bioNetwork({ mode, hiddenLayers: [5, 4], ...options });
    const layers = [5, 4, 3].map((units) => ({ type: "dense", units, ...shape }) as const);
    const network = createNetwork({ inputShape: [6], rule: mode, layers });
    expect(await readWeights(model)).toEqual(initializeWeights(network, 4));
  });

  test("a layer alone is aligned with its own kernel, and saved with that", () => {
    const layer = bioDense({ rule: "fa", units: 4, inputShape: [6], feedbackAlignment: 1 });
    tf.sequential({ layers: [layer] });
    const { kernel, feedback } = layer.variables;
    expect(matrix(feedback!.read())).toEqual(matrix(kernel!.read()));
    expect(layer.getConfig()).toMatchObject({ feedbackAlignment: 1 });
  });

  test("what cannot be is refused", () => {
    const given = { units: 4, inputShape: [6], name: "a" };
    expect(() => bioDense({ ...given, rule: "dfa", feedbackAlignment: 0.5 })).toThrow(
      'Layer "a": feedbackAlignment: expected none, since the kernels above, which it would be with, are not there yet, received 0.5.',
    );
    expect(() => directFeedback({ name: "a", feedbackAlignment: 0.5 })).toThrow(
      'Layer "a": feedbackAlignment: expected none, since the kernels above',
    );
    const foreign = tf.initializers.ones();
    expect(() =>
      bioDense({ ...given, rule: "fa", feedbackRank: 1, feedbackInitializer: foreign }),
    ).toThrow(
      "Layer \"a\": feedbackInitializer: expected one of bioflax's initializers beside feedbackRank, by name or as { name, … }, received one of TensorFlow.js's.",
    );
    expect(() =>
      bioDense({ ...given, rule: "fa", feedbackAlignment: 1, kernelInitializer: foreign }),
    ).toThrow("kernelInitializer: expected one of bioflax's initializers beside feedbackAlignment");
    const plain = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    expect(() => convert(plain, { rule: "fa", feedbackAlignment: 1 } as never)).toThrow(
      "convert: feedbackAlignment is with the kernels that training begins with",
    );
  });
});

describe("constrainNorm", () => {
  const make = (options = {}) =>
    bioDense({ rule: "fa", units: 3, inputShape: [6], constrainNorm: true, ...options });

  test("bioflax's optimizer keeps the kernel's norm, and nothing else's", async () => {
    const layer = make({ biasInitializer: "ones" });
    const model = tf.sequential({ layers: [layer] });
    const { kernel, bias } = layer.variables;
    const before = [matrix(kernel!.read()), length(kernel!.read()), length(bias!.read())] as const;
    await fit(model);
    expect(matrix(kernel!.read())).not.toEqual(before[0]);
    expect(length(kernel!.read())).toBeCloseTo(before[1], 5);
    expect(length(bias!.read())).not.toBeCloseTo(before[2], 3);
  });

  test("a kernelConstraint holds after it", async () => {
    const layer = make({ kernelConstraint: tf.constraints.nonNeg() });
    await fit(tf.sequential({ layers: [layer] }));
    expect(Math.min(...layer.variables.kernel!.read().dataSync())).toBeGreaterThanOrEqual(0);
  });
});

test("clipNorm: a longer gradient of kernel and bias together is scaled down to it, a shorter one not", () => {
  const gradients = (clipNorm?: number) => {
    const layer = bioDense({
      rule: "kp",
      units: 3,
      inputShape: [6],
      seed: 2,
      name: "clipped",
      ...(clipNorm === undefined ? {} : { clipNorm }),
    });
    const model = tf.sequential({ layers: [layer] });
    const { grads } = tf.variableGrads(() =>
      loss("meanSquaredError")(ys, model.apply(xs) as tf.Tensor),
    );
    const { kernel, bias, feedback } = layer.variables;
    return [kernel, bias, feedback].map((variable) => grads[variable!.name]!);
  };
  const whole = gradients();
  const size = Math.hypot(length(whole[0]!), length(whole[1]!));
  const clipped = gradients(size / 2);
  whole.forEach((gradient, i) => {
    const half = [...gradient.dataSync()].map((g) => g / 2);
    clipped[i]!.dataSync().forEach((g, j) => expect(g).toBeCloseTo(half[j]!, 6));
  });
  gradients(size * 2).forEach((gradient, i) =>
    expect(gradient.dataSync()).toEqual(whole[i]!.dataSync()),
  );
});

test("bioNetwork gives feedbackConnections to the layers that have feedback", () => {
  const model = bioNetwork({
    mode: "dfa",
    layerModes: ["dfa", "bp", "fa"],
    hiddenLayers: [5, 4],
    units: 3,
    inputShape: [6],
    feedbackConnections: 2,
  });
  expect(model.layers.map((layer) => layer.getConfig().feedbackConnections)).toEqual([
    2,
    undefined,
    2,
  ]);
  expect(model.layers.map((layer) => layer.getConfig().rule)).toEqual(["dfa", "bp", "fa"]);
  expect(model.layers[2]!.getClassName()).toBe("BioflaxDenseDirectOutput");
});

test("only options that are given are saved, and all of those, and core has them", async () => {
  const bare = bioDense({ rule: "wm", units: 2 }).getConfig();
  for (const option of [
    "feedbackConnections",
    "mirroring",
    "constrainNorm",
    "clipNorm",
    "noiseStep",
  ])
    expect(bare).not.toHaveProperty(option);
  const given = {
    mirroring: { steps: 2, batch: 4, rate: 0.1, decay: 0, stddev: 2 },
    constrainNorm: true,
    clipNorm: 0.5,
  };
  const layer = bioDense({ rule: "wm", units: 2, inputShape: [3], ...given });
  const loaded = await savedAndLoaded(tf.sequential({ layers: [layer] }));
  const config = loaded.layers[0]!.getConfig();
  expect(config).toEqual(JSON.parse(JSON.stringify(layer.getConfig())));
  expect(config).toMatchObject(given);
  expect((loaded.layers[0] as typeof layer).definition.spec).toMatchObject(given);
});

test("fromSpec passes options on, and an output layer of direct layers has none for feedback", () => {
  const options = { feedbackConnections: 1, clipNorm: 1, feedbackInitializer: "ones" } as const;
  const model = fromSpec({
    inputShape: [4],
    rule: "dfa",
    layers: [5, 3].map((units) => ({ type: "dense", units, ...options })),
  });
  expect(model.layers[0]!.getConfig()).toMatchObject(options);
  expect(model.layers[1]!.getConfig()).toMatchObject({ clipNorm: 1, rule: "dfa" });
  expect(model.layers[1]!.getConfig()).not.toHaveProperty("feedbackConnections");
});
