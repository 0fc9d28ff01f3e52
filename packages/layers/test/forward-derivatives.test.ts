import { createNetwork, createTrainable, initializeWeights, type NetworkSpec } from "@bioflax/core";
import { noiseOf, type PlainBatch, plainTrain } from "@bioflax/core/testing";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { fromSpec, optimizer, readWeights, trainModel } from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

// A rule by which feedback weights learn from a derivative that goes forward through the whole model.

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const spec: NetworkSpec = {
  inputShape: [4, 4, 1],
  rule: "fdfa",
  layers: [
    { type: "conv2d", filters: 2, kernelSize: 3, padding: "same", activation: "tanh" },
    // Errors arrive after it, so that the noise has its shape.
    { type: "maxPooling2d", poolSize: 2 },
    { type: "flatten" },
    { type: "dense", units: 5, activation: "tanh" },
    { type: "dense", units: 2 },
  ],
};
const training = {
  spec,
  loss: "softmaxCrossEntropy",
  optimizer: { name: "sgd", learningRate: 0.1 },
} as const;
const count = 3;
const rows = Array.from({ length: count }, (_, i) =>
  Array.from({ length: 16 }, (_, j) => Math.sin(7 * i + 3 * j)),
);
const labels = [0, 1, 1];
const batch = () => ({
  input: tf.tensor4d(rows.flat(), [count, 4, 4, 1]),
  target: tf.tensor1d(labels, "int32"),
});

test.each(["as it was made", "saved and loaded"])("trainModel trains a model %s", async (how) => {
  const network = createNetwork(spec);
  const start = initializeWeights(network, 1);
  const made = fromSpec(spec, start, { seed: 1 });
  const model = how === "saved and loaded" ? await savedAndLoaded(made) : made;
  const trained = {
    model,
    trainable: createTrainable(training),
    optimizer: optimizer(training.optimizer),
  };
  for (let step = 0; step < 2; step++) trainModel(trained, batch(), ({ pass }) => pass.loss);
  const noise = noiseOf(network, 1, count);
  const batches = [0, 1].map((step): PlainBatch => ({ input: rows, labels, noise: noise(step) }));
  const expected = plainTrain(training, start, batches);
  for (const [name, values] of Object.entries(await readWeights(model)))
    expected.weights[name]!.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
});
