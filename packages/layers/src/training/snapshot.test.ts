import { createNetwork, createTrainable, initializeWeights, type NetworkSpec } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  fromSpec,
  loss,
  NetworkReplicas,
  optimizer,
  readSnapshot,
  readWeights,
  trainModel,
  writeSnapshot,
} from "../index";

const spec: NetworkSpec = {
  inputShape: [3],
  rule: "brsf",
  layers: [
    { type: "dense", units: 4, activation: "tanh" },
    { type: "batchNormalization" },
    { type: "dropout", rate: 0.3 },
    { type: "dense", units: 2 },
  ],
};

function trained(seed = 0) {
  const model = fromSpec(spec, undefined, { seed });
  const adam = optimizer({
    name: "adam",
    learningRate: 0.05,
    schedule: { name: "cosine", steps: 9 },
  });
  model.compile({ optimizer: adam, loss: loss("meanSquaredError") });
  return { model, network: createNetwork(spec), optimizer: adam };
}

const fit = ({ model }: ReturnType<typeof trained>, epochs: number) =>
  model.fit(tf.ones([6, 3]), tf.ones([6, 2]), { epochs, batchSize: 2, shuffle: false, verbose: 0 });

// No banner.
tf.enableProdMode();
beforeAll(() => tf.setBackend("cpu"));

describe("a snapshot", () => {
  test("is what model.fit goes on from, noise, moving statistics and schedule too", async () => {
    const undisturbed = trained();
    await fit(undisturbed, 3);
    const first = trained();
    await fit(first, 1);
    const snapshot = await readSnapshot(first);
    expect(snapshot.stepsTaken).toBe(3);
    expect(Object.keys(snapshot.slots)).toContain("layers.1.gamma/square");
    // A model that has trained too: what it has come to is forgotten.
    const second = trained();
    await fit(second, 2);
    writeSnapshot(second, snapshot);
    await fit(second, 2);
    expect(await readSnapshot(second)).toEqual(await readSnapshot(undisturbed));
  });

  test("leaves no tensors behind", async () => {
    const one = trained();
    const snapshot = await readSnapshot(one);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3; i++) {
      await readSnapshot(one);
      writeSnapshot(one, snapshot);
    }
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test("that does not fit changes nothing", async () => {
    const one = trained();
    await fit(one, 1);
    const before = await readSnapshot(one);
    const other = trained(5);
    await fit(other, 1);
    const { slots, ...rest } = await readSnapshot(other);
    const wrong = { ...rest, slots: { ...slots, "layers.3.bias/mean": new Float32Array(1) } };
    expect(() => writeSnapshot(one, wrong)).toThrow(
      'writeSnapshot: expected the slot "layers.3.bias/mean" to hold [2] = 2 numbers, received 1.',
    );
    const more = { ...rest, slots: { ...slots, "layers.3.bias/momentum": new Float32Array(2) } };
    expect(() => writeSnapshot(one, more)).toThrow(
      'writeSnapshot: unknown slot "layers.3.bias/momentum". Of this weight this network and its optimizer have "layers.3.bias/mean"',
    );
    expect(() => writeSnapshot(one, { ...rest, slots, stepsTaken: Number.NaN })).toThrow(
      "writeSnapshot: expected stepsTaken to be a whole number from 0, received NaN.",
    );
    expect(await readSnapshot(one)).toEqual(before);
  });
});

const training = {
  spec,
  loss: "meanSquaredError",
  optimizer: { name: "adam", learningRate: 0.05 },
} as const;

test("replicas go on from no slots that they do not know", () => {
  const weights = initializeWeights(createNetwork(spec), 0);
  const slots = { "layers.0.kernel/momentum": new Float32Array(12) };
  expect(() => new NetworkReplicas([{ ...training, weights, slots, seed: 0 }])).toThrow(
    'NetworkReplicas: expected the slot "layers.0.kernel/mean" to hold [3, 4] = 12 numbers, received none.',
  );
  expect(() => new NetworkReplicas([{ ...training, weights, seed: 0 }], -1)).toThrow(
    "NetworkReplicas: expected stepsTaken to be a whole number from 0, received -1.",
  );
});

test.each([
  [
    "a class that there is not",
    { target: tf.tensor1d([0, 5], "int32") },
    "received a target of shape [2] with 5 in row 1",
  ],
  [
    "no example",
    { input: tf.zeros([0, 2]), target: tf.zeros([0], "int32") },
    "expected at least one example, received none",
  ],
  [
    "weights of other examples",
    { weights: tf.ones([5, 1]) },
    "expected a finite number from 0 for each of 2 examples, received 5 of them",
  ],
  [
    "a weight below 0",
    { weights: tf.tensor2d([[1], [-1]]) },
    "expected a finite number from 0 for each of 2 examples, received -1 for example 1",
  ],
  [
    "a symbol that there is not",
    {
      input: tf.tensor2d([
        [0, 1],
        [2, 3],
      ]),
    },
    "Layer 0: embedding: expected numbers of symbols, whole ones from 0 to 2, received 3 in example 1.",
  ],
] as const)("a batch with %s trains nothing", async (_name, wrong, text) => {
  const symbols = {
    spec: {
      inputShape: [2],
      rule: "fa",
      layers: [
        { type: "embedding", inputDim: 3, outputDim: 2 },
        { type: "flatten" },
        { type: "dense", units: 3 },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
  } as const;
  const model = fromSpec(symbols.spec);
  const one = {
    model,
    trainable: createTrainable(symbols),
    optimizer: optimizer(symbols.optimizer),
  };
  const before = await readWeights(model);
  const batch = { input: tf.zeros([2, 2]), target: tf.zeros([2], "int32"), ...wrong };
  expect(() => trainModel(one, batch, ({ pass }) => pass.loss)).toThrow(text);
  expect(await readWeights(model)).toEqual(before);
});

test.each([
  ["weights", [6], "[6, 1], a number for each example, received [6]."],
  ["input", [6, 4], "[6, 3], the network's input for each example, received [6, 4]."],
] as const)("a batch whose %s are %j trains nothing", async (name, shape, text) => {
  const one = { ...trained(), trainable: createTrainable(training) };
  const before = await readWeights(one.model);
  const batch = { input: tf.ones([6, 3]), target: tf.ones([6, 2]), [name]: tf.ones([...shape]) };
  expect(() => trainModel(one, batch, ({ pass }) => pass.loss)).toThrow(
    `Batch: expected "${name}" of shape ${text}`,
  );
  tf.dispose(batch);
  expect(await readWeights(one.model)).toEqual(before);
  expect(one.optimizer.iterations).toBe(0);
});
