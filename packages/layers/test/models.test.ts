import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioActivation,
  bioAveragePooling2d,
  bioBatchNormalization,
  bioConv2d,
  bioDense,
  bioDropout,
  bioGlobalMaxPooling2d,
  bioMaxPooling2d,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  denseKP,
  directFeedback,
  errorSource,
  linkModel,
  loss,
  optimizer,
} from "../src/index";
import { savedAndLoaded, weightDifference } from "./artifacts";
import { matrix } from "./matrices";
import "./backends";

let xs: tf.Tensor2D;
let ys: tf.Tensor2D;
beforeAll(async () => {
  await tf.setBackend("wasm");
  xs = tf.randomNormal([32, 6], 0, 1, "float32", 1);
  ys = tf.randomNormal([32, 3], 0, 1, "float32", 2);
});

const hidden = (units: number, options = {}) =>
  denseDFAHidden({ units, activation: "tanh", ...options });
const output = () => denseDFAOutput({ units: 3 });
const inner = () => tf.sequential({ layers: [hidden(8, { inputShape: [6] }), hidden(7)] });

/** Models of every topology, and whether TensorFlow.js lets the walk see all of it. */
const topologies: Record<string, () => tf.LayersModel> = {
  "fa, sequential": () =>
    tf.sequential({
      layers: [denseFA({ units: 8, inputShape: [6], activation: "relu" }), denseFA({ units: 3 })],
    }),
  "kp, sequential": () =>
    tf.sequential({
      layers: [denseKP({ units: 8, inputDim: 6, activation: "elu" }), denseKP({ units: 3 })],
    }),
  "wm and brsf, sequential": () =>
    tf.sequential({
      layers: [
        bioDense({ rule: "wm", units: 8, inputShape: [6], activation: "relu" }),
        bioDense({ rule: "brsf", units: 5, activation: "tanh" }),
        bioDense({ rule: "wm", units: 3, mirroring: { steps: 2 } }),
      ],
    }),
  "dfa, sequential": () =>
    tf.sequential({ layers: [hidden(8, { inputShape: [6] }), hidden(7), output()] }),
  "dfa, output size given": () =>
    tf.sequential({ layers: [hidden(8, { inputShape: [6], outputUnits: 3 }), output()] }),
  "dfa, with layers of other kinds between": () =>
    tf.sequential({
      layers: [
        hidden(8, { inputShape: [6] }),
        tf.layers.activation({ activation: "relu" }),
        tf.layers.dropout({ rate: 0.1 }),
        output(),
      ],
    }),
  "dfa, branches": () => {
    const input = tf.input({ shape: [6] });
    const [a, b] = [
      hidden(5).apply(input),
      hidden(4).apply(hidden(6).apply(input)),
    ] as tf.SymbolicTensor[];
    return tf.model({
      inputs: input,
      outputs: output().apply(tf.layers.concatenate().apply([a!, b!])) as tf.SymbolicTensor,
    });
  },
  "dfa, hidden layers in a nested model": () => {
    const input = tf.input({ shape: [6] });
    return tf.model({
      inputs: input,
      outputs: output().apply(inner().apply(input)) as tf.SymbolicTensor,
    });
  },
  "dkp, and sdfa in a nested model, below an output layer with feedback": () => {
    const model = tf.sequential();
    model.add(bioDense({ rule: "dkp", units: 8, inputShape: [6], activation: "tanh" }));
    model.add(tf.sequential({ layers: [bioDense({ rule: "sdfa", units: 7, inputShape: [8] })] }));
    model.add(denseFA({ units: 4, activation: "tanh" }));
    model.add(denseDFAOutput({ units: 3, rule: "kp" }));
    return model;
  },
  "dfa, sequential of sequential": () => {
    const model = tf.sequential();
    model.add(inner());
    model.add(output());
    return model;
  },
};

describe.each(Object.entries(topologies))("%s", (_name, make) => {
  test("fits, evaluates and predicts, and leaks no tensor over 50 batches", async () => {
    const model = make();
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    await model.fit(xs, ys, { epochs: 1, batchSize: 8, verbose: 0 });
    const { numTensors, numBytes } = tf.memory();
    const { history } = await model.fit(xs, ys, { epochs: 13, batchSize: 8, verbose: 0 });
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    expect(history.loss!.at(-1)).toBeLessThan(history.loss![0] as number);
    const evaluated = (model.evaluate(xs, ys) as tf.Scalar).dataSync()[0]!;
    const predicted = model.predict(xs) as tf.Tensor;
    expect(tf.losses.meanSquaredError(ys, predicted).dataSync()[0]).toBeCloseTo(evaluated, 5);
    expect((model.predict(xs) as tf.Tensor).dataSync()).toEqual(predicted.dataSync());
  });

  test("loads as it was saved, and trains on as if it had not been", async () => {
    const model = make();
    const loaded = await savedAndLoaded(model);
    expect(weightDifference(model, loaded)).toBe(0);
    expect((loaded.predict(xs) as tf.Tensor).dataSync()).toEqual(
      (model.predict(xs) as tf.Tensor).dataSync(),
    );
    if (model.layers.some((layer) => layer.getClassName() === "Dropout")) return;
    for (const each of [model, loaded]) {
      each.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
      await each.fit(xs, ys, { epochs: 2, shuffle: false, verbose: 0 });
    }
    expect(weightDifference(model, loaded)).toBe(0);
  });
});

describe("linkModel", () => {
  const nestedOutput = () => {
    const head = tf.sequential({ layers: [hidden(7, { inputShape: [8] }), output()] });
    const model = tf.sequential();
    model.add(hidden(8, { inputShape: [6] }));
    model.add(head);
    return model;
  };
  const train = async (model: tf.LayersModel) => {
    model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
    return (await model.fit(xs, ys, { epochs: 5, shuffle: false, verbose: 0 })).history
      .loss as number[];
  };

  test("finds the output layer inside a nested model, which the layers outside cannot see", async () => {
    await expect(train(nestedOutput())).rejects.toThrow("linkModel(model)");
    const losses = await train(linkModel(nestedOutput()));
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  test("is called again after loading", async () => {
    const model = linkModel(nestedOutput());
    const loaded = linkModel(await savedAndLoaded(model));
    expect(weightDifference(model, loaded)).toBe(0);
    expect(await train(loaded)).toEqual(await train(model));
  });

  test("lets hidden and output layers sit in two nested models", async () => {
    const head = tf.sequential({ layers: [hidden(5, { inputShape: [7] }), output()] });
    const input = tf.input({ shape: [6] });
    const model = linkModel(
      tf.model({ inputs: input, outputs: head.apply(inner().apply(input)) as tf.SymbolicTensor }),
    );
    const losses = await train(model);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });
});

test("the output size is found out from the model and saved with it", () => {
  const first = hidden(8, { inputShape: [6] });
  expect(first.getConfig()).not.toHaveProperty("outputUnits");
  tf.sequential({ layers: [first, output()] });
  expect(first.getConfig()).toMatchObject({ outputUnits: 3 });
  expect(first.variables.feedback!.shape).toEqual([8, 3]);
  expect(first.variables.feedback!.originalName).toBe(`${first.name}/feedback`);
});

test("feedback is a non-trainable weight for fa and dfa, and learns for kp", () => {
  const names = (layers: { name: string }[], kind: "trainableWeights" | "nonTrainableWeights") =>
    layers.flatMap((layer) =>
      (layer as tf.layers.Layer)[kind].map(({ originalName }) => originalName.replace(/.*\//, "")),
    );
  const [fa, kp, dfa] = [
    denseFA({ units: 2, inputShape: [3] }),
    denseKP({ units: 2, inputShape: [3] }),
    hidden(2, { inputShape: [3] }),
  ];
  tf.sequential({ layers: [fa] });
  tf.sequential({ layers: [kp] });
  tf.sequential({ layers: [dfa, output()] });
  expect(names([fa], "nonTrainableWeights")).toEqual(["feedback"]);
  expect(names([dfa], "nonTrainableWeights")).toEqual(["feedback"]);
  expect(names([kp], "trainableWeights")).toEqual(["kernel", "bias", "feedback"]);
  for (const layer of [fa, dfa]) {
    layer.trainable = false;
    layer.trainable = true;
    expect(names([layer], "trainableWeights")).toEqual(["kernel", "bias"]);
    expect((layer.variables.feedback!.read() as tf.Variable).trainable).toBe(false);
  }
});

test("a frozen output layer still sends its error; a frozen hidden layer keeps its weights", async () => {
  const [first, second, last] = [hidden(8, { inputShape: [6] }), hidden(7), output()];
  last.trainable = false;
  second.trainable = false;
  const model = tf.sequential({ layers: [first, second, last] });
  const before = [first, second, last].map(({ variables }) => matrix(variables.kernel!.read()));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "meanSquaredError" });
  await model.fit(xs, ys, { epochs: 1, verbose: 0 });
  const after = [first, second, last].map(({ variables }) => matrix(variables.kernel!.read()));
  expect(after[0]).not.toEqual(before[0]);
  expect(after.slice(1)).toEqual(before.slice(1));
});

test("two models in one process, and in one loss, do not mix", () => {
  const make = () => tf.sequential({ layers: [hidden(8, { inputShape: [6] }), output()] });
  const [a, b] = [make(), make()];
  const lossOf = (model: tf.Sequential) =>
    tf.losses.meanSquaredError(ys, model.apply(xs) as tf.Tensor) as tf.Scalar;
  const variables = (model: tf.Sequential) =>
    model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const both = tf.variableGrads(
    () => tf.add(lossOf(a), lossOf(b)),
    [...variables(a), ...variables(b)],
  ).grads;
  for (const model of [a, b]) {
    const alone = tf.variableGrads(() => lossOf(model), variables(model)).grads;
    for (const [name, gradient] of Object.entries(alone))
      expect(both[name]!.dataSync()).toEqual(gradient.dataSync());
  }
});

test("starting weights depend on seed and name alone", () => {
  const kernel = (seed: number, name: string) => {
    const layer = denseFA({ units: 3, inputShape: [4], seed, name });
    tf.sequential({ layers: [layer] });
    return [matrix(layer.variables.kernel!.read()), matrix(layer.variables.feedback!.read())];
  };
  expect(kernel(1, "same")).toEqual(kernel(1, "same"));
  expect(kernel(1, "same")).not.toEqual(kernel(2, "same"));
  expect(kernel(1, "same")).not.toEqual(kernel(1, "other"));
  const [W, B] = kernel(1, "same");
  expect(W).not.toEqual(B);
});

test("initializers of bioflax and of TensorFlow.js, by name, spec, config and instance, survive saving", async () => {
  const layer = denseFA({
    units: 3,
    inputShape: [4],
    kernelInitializer: {
      name: "varianceScaling",
      mode: "fanOut",
      distribution: "truncatedNormal",
      scale: 2,
    },
    biasInitializer: tf.initializers.constant({ value: 0.25 }),
    feedbackInitializer: tf.initializers.randomNormal({ mean: 0, stddev: 0.1, seed: 4 }),
    activation: "leakyRelu",
    kernelRegularizer: "l1l2",
    biasConstraint: tf.constraints.maxNorm({ maxValue: 2 }),
    seed: 3,
  });
  const model = tf.sequential({ layers: [layer] });
  expect(matrix(layer.variables.bias!.read())).toEqual([[0.25, 0.25, 0.25]]);
  const loaded = await savedAndLoaded(model);
  expect(loaded.layers[0]!.getConfig()).toEqual(JSON.parse(JSON.stringify(layer.getConfig())));
  expect(loaded.layers[0]!.getConfig()).not.toHaveProperty("customObjects");
  expect(
    denseFA({ units: 3, kernelInitializer: "randomNormal" }).getConfig().kernelInitializer,
  ).toMatchObject({ className: "RandomNormal" });
});

test("regularizers add to the loss, and bioflax's optimizer keeps constraints", async () => {
  const layer = denseFA({
    units: 3,
    inputShape: [6],
    kernelRegularizer: tf.regularizers.l2({ l2: 10 }),
    kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.1, axis: 0 }),
  });
  const model = tf.sequential({ layers: [layer] });
  model.compile({
    optimizer: optimizer({ name: "sgd", learningRate: 1e-4 }),
    loss: loss("meanSquaredError"),
  });
  const penalty =
    10 *
    matrix(layer.variables.kernel!.read())
      .flat()
      .reduce((sum, w) => sum + w * w, 0);
  const bare = tf
    .mul(tf.mean(tf.square(tf.sub(model.predict(xs) as tf.Tensor, ys))), 0.5)
    .dataSync()[0]!;
  const { history } = await model.fit(xs, ys, { epochs: 1, batchSize: 32, verbose: 0 });
  expect(history.loss![0]).toBeCloseTo(bare + penalty, 3);
  for (const norm of tf.norm(layer.variables.kernel!.read(), 2, 0).dataSync())
    expect(norm).toBeLessThan(0.1 + 1e-5);
});

test("the first layer's error signal at the data is not computed", async () => {
  const model = tf.sequential({
    layers: [denseFA({ units: 8, inputShape: [6] }), denseFA({ units: 3 })],
  });
  const { kernels } = await tf.profile(
    () => tf.variableGrads(() => tf.sum(model.apply(xs) as tf.Tensor) as tf.Scalar).value,
  );
  // Two forward, two gradients of kernels, and one error signal from the second layer to the first.
  expect(kernels.filter(({ name }) => name === "BatchMatMul")).toHaveLength(5);
});

test("class names stay, because saved models know their layers by them", () => {
  const layers = [
    denseFA({ units: 2 }),
    hidden(2),
    output(),
    bioConv2d({ rule: "fa", filters: 1, kernelSize: 1 }),
    bioConv2d({ rule: "dfa", filters: 1, kernelSize: 1 }),
    bioMaxPooling2d(),
    bioAveragePooling2d(),
    bioGlobalMaxPooling2d(),
    bioDropout({ rate: 0.5 }),
    bioActivation({ activation: "relu" }),
    bioBatchNormalization(),
    directFeedback(),
    errorSource(),
  ];
  expect(layers.map((layer) => layer.getClassName())).toEqual([
    "BioflaxDense",
    "BioflaxDenseDirectHidden",
    "BioflaxDenseDirectOutput",
    "BioflaxConv2d",
    "BioflaxConv2dDirectHidden",
    "BioflaxMaxPooling2d",
    "BioflaxAveragePooling2d",
    "BioflaxGlobalMaxPooling2d",
    "BioflaxDropout",
    "BioflaxActivation",
    "BioflaxBatchNormalization",
    "BioflaxDirectFeedback",
    "BioflaxErrorSource",
  ]);
});
