import {
  createNetwork,
  createTrainable,
  DelayedErrors,
  initializeWeights,
  type NetworkSpec,
} from "@bioflax/core";
import { type PlainBatch, plainTrain } from "@bioflax/core/testing";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioNetwork, fromSpec, optimizer, readWeights, toSpec, trainModel } from "../src/index";
import { savedAndLoaded } from "./artifacts";
import "./backends";

// A rule by which layers learn from the errors that their examples had in the epoch before.

beforeAll(async () => {
  await tf.setBackend("cpu");
});

test("trainModel trains by it, given the errors of the epoch before", async () => {
  const spec: NetworkSpec = {
    inputShape: [3],
    rule: "f3",
    layers: [
      { type: "dense", units: 5, activation: "tanh" },
      { type: "dense", units: 4, activation: "relu" },
      { type: "dense", units: 2 },
    ],
  };
  const training = {
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1, momentum: 0.5 },
  } as const;
  const count = 7;
  const inputs = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(2 * i), 0.1 * i]);
  const targets = Int32Array.from({ length: count }, (_, i) => i % 2);
  const epochs = [
    [[0, 1, 2], [3, 4, 5], [6]],
    [[6, 2, 4], [1, 0, 3], [5]],
    [[5, 6, 0], [2, 1, 4], [3]],
  ];
  const start = initializeWeights(createNetwork(spec), 1);
  const model = fromSpec(spec, start, { seed: 1 });
  const trainable = createTrainable(training);
  const trained = { model, trainable, optimizer: optimizer(training.optimizer) };
  const memory = new DelayedErrors(trainable);
  const losses: number[] = [];
  for (const rows of epochs.flat().map((batch) => Int32Array.from(batch))) {
    const own = [...rows];
    const batch = {
      input: tf.tensor2d(own.map((row) => inputs[row]!)),
      target: tf.tensor1d(
        own.map((row) => targets[row]!),
        "int32",
      ),
      delayed: tf.tensor2d(memory.take({ targets, count }, "labels", rows), [rows.length, 2]),
    };
    const seen = trainModel(trained, batch, ({ pass }) => ({
      loss: pass.loss,
      errors: pass.exampleErrors!,
    }));
    losses.push((await seen.loss.data())[0]!);
    memory.put(rows, (await seen.errors.data()) as Float32Array);
  }
  const batches = epochs.flat().map(
    (rows): PlainBatch => ({
      input: rows.map((row) => inputs[row]!),
      labels: rows.map((row) => targets[row]!),
      examples: rows,
    }),
  );
  const expected = plainTrain(training, start, batches);
  expected.losses.forEach((value, step) => expect(losses[step]).toBeCloseTo(value, 5));
  for (const [name, values] of Object.entries(await readWeights(model)))
    expected.weights[name]!.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
});

test("such a model predicts, and is saved and loaded, as any other, and has a spec", async () => {
  const model = bioNetwork({ mode: "f3", hiddenLayers: [5], units: 3, inputShape: [4] });
  const loaded = await savedAndLoaded(model);
  const input = tf.randomNormal([5, 4], 0, 1, "float32", 1);
  const [before, after] = [model, loaded].map((own) =>
    (own.predict(input) as tf.Tensor).arraySync(),
  );
  expect(after).toEqual(before);
  const { spec } = await toSpec(loaded);
  expect(createNetwork(spec).rules.map((rule) => rule?.name)).toEqual(["f3", "f3"]);
});
