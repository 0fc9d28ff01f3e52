import { createNetwork, initializeWeights, type RuleName, rules } from "@bioflax/core";
import {
  chosen,
  plainTrain,
  relativeError,
  type TrainingCase,
  tensor,
  trainingCase,
  trainingCases,
} from "@bioflax/core/testing";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { createEagerEngine } from "./eager";
import type { Engine } from "./engine";

/** A training case's batches as one data set, in their order. */
function datasetOf({ batches, spec }: TrainingCase): Dataset {
  const inputs = Float32Array.from(batches.flatMap(({ input }) => input.flat()));
  const labels = batches.flatMap((batch) => batch.labels ?? []);
  const classifies = labels.length > 0;
  const targets = classifies
    ? Int32Array.from(labels)
    : Float32Array.from(batches.flatMap((batch) => batch.values!.flat()));
  const { outputs } = createNetwork(spec);
  const weights = batches[0]?.weights && {
    weights: Float32Array.from(batches.flatMap((batch) => batch.weights ?? [])),
  };
  const count = inputs.length / spec.inputShape[0]!;
  const split = wholeSplit({ inputs, targets, ...weights, count });
  return {
    name: "case",
    task: classifies ? "classification" : "regression",
    inputShape: spec.inputShape,
    targetShape: classifies ? [] : [outputs],
    outputs,
    train: split,
    test: split,
  };
}

const start = (
  given: TrainingCase,
  { device = "wasm", dataset = datasetOf(given), batchSize = 3 } = {},
): Promise<Engine> => createEagerEngine({ ...given, dataset, batchSize, device });

test.each(chosen(trainingCases({ steps: 8 }), 20).map((given) => [given.name, given] as const))(
  "an epoch of eight steps is the plain loops': %s",
  async (_name, given) => {
    const engine = await start(given);
    const { losses } = await engine.trainEpoch(datasetOf(given).train.indices, {
      alignmentBatches: 0,
    });
    const expected = plainTrain(given, given.weights, given.batches);
    expect(relativeError(tensor(losses, [8]), tensor(expected.losses, [8]))).toBeLessThan(2e-5);
    const weights = await engine.weights();
    for (const { name, shape } of createNetwork(given.spec).parameters) {
      const plain = tensor((expected.weights[name] as number[][]).flat(), shape);
      expect(relativeError(tensor(weights[name]!, shape), plain)).toBeLessThan(2e-5);
    }
    await engine.dispose();
  },
);

const sgd = { name: "sgd", learningRate: 0.05 } as const;

describe.each(rules.names() as RuleName[])("%s", (rule) => {
  const given = trainingCase({
    rule,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "adam", learningRate: 0.01 },
    steps: 7,
  });

  test("measures alignment before the update, of the first batches, without changing the training", async () => {
    const rows = datasetOf(given).train.indices;
    const [plain, measuring] = [await start(given), await start(given)];
    const expected = await plain.trainEpoch(rows, { alignmentBatches: 0 });
    const received = await measuring.trainEpoch(rows, { alignmentBatches: 2 });
    expect(expected.alignment).toEqual([]);
    expect(received.losses).toEqual(expected.losses);
    expect(await measuring.weights()).toEqual(await plain.weights());
    expect(received.alignment).toHaveLength(2);
    const { gradient, biasGradient } = received.alignment[0] as Record<string, number>;
    if (rule === "bp")
      expect([gradient, biasGradient]).toEqual([expect.closeTo(1, 5), expect.closeTo(1, 5)]);
    else expect(gradient).toBeLessThan(0.999);
  });

  test("holds no more tensors after an epoch than before, and none when it is disposed", async () => {
    const rows = datasetOf(given).train.indices;
    const { numTensors: atFirst } = tf.memory();
    const engine = await start(given);
    await engine.trainEpoch(rows, { alignmentBatches: 1 });
    const { numTensors, numBytes } = tf.memory();
    for (let epoch = 0; epoch < 8; epoch++) await engine.trainEpoch(rows, { alignmentBatches: 1 });
    await engine.evaluate(datasetOf(given).test);
    await engine.predict(datasetOf(given).test, rows);
    expect(tf.memory()).toMatchObject({ numTensors, numBytes });
    await engine.dispose();
    expect(tf.memory().numTensors).toBe(atFirst);
  });
});

describe("evaluate and predict", () => {
  const given = trainingCase({
    rule: "dfa",
    loss: "softmaxCrossEntropy",
    optimizer: sgd,
    steps: 800,
    sizes: [4, 6, 3],
  });
  const { train } = datasetOf(given);

  test("are weighted by examples over chunks, and agree with one another", async () => {
    const engine = await start(given);
    const rows = Int32Array.from(train.indices).reverse();
    const output = await engine.predict(train, rows);
    expect(output).toHaveLength(2400 * 3);
    let [loss, correct] = [0, 0];
    rows.forEach((row, i) => {
      const logits = [...output.subarray(3 * i, 3 * i + 3)];
      const label = (train.examples.targets as Int32Array)[row]!;
      loss += Math.log(logits.reduce((sum, z) => sum + Math.exp(z), 0)) - logits[label]!;
      correct += logits.indexOf(Math.max(...logits)) === label ? 1 : 0;
    });
    const evaluation = await engine.evaluate(train);
    expect(evaluation.loss).toBeCloseTo(loss / 2400, 5);
    expect(evaluation.accuracy).toBe(correct / 2400);
    await engine.dispose();
  });

  test("there is no accuracy of values", async () => {
    const regression = trainingCase({ rule: "fa", loss: "meanSquaredError", optimizer: sgd });
    const engine = await start(regression);
    expect(await engine.evaluate(datasetOf(regression).test)).toEqual({
      loss: expect.any(Number),
      squaredError: expect.any(Number),
    });
    await engine.dispose();
  });
});

describe("an epoch", () => {
  const given = trainingCase({ rule: "fa", loss: "softmaxCrossEntropy", optimizer: sgd, steps: 4 });
  const rows = datasetOf(given).train.indices;

  test("ends in a smaller batch where the batch size does not divide it", async () => {
    const engine = await start(given, { batchSize: 5 });
    expect((await engine.trainEpoch(rows, { alignmentBatches: 0 })).losses).toHaveLength(3);
    await engine.dispose();
  });

  test("stops between two steps when it is told to, and gives what it has", async () => {
    const engine = await start(given);
    const before = await engine.weights();
    const { losses } = await engine.trainEpoch(rows, {
      alignmentBatches: 0,
      signal: AbortSignal.abort(),
    });
    expect(losses).toHaveLength(0);
    expect(await engine.weights()).toEqual(before);
    await engine.dispose();
  });

  test("lets timers run while it goes on, and tells how far it is", async () => {
    const long = trainingCase({
      rule: "fa",
      loss: "softmaxCrossEntropy",
      optimizer: sgd,
      steps: 10,
      sizes: [5, 7, 4],
    });
    const dataset = datasetOf(long);
    const many = Int32Array.from({ length: 60_000 }, (_, i) => i % 30);
    const engine = await start(long, { dataset });
    const stop = new AbortController();
    const progress: number[] = [];
    setTimeout(() => stop.abort(), 250);
    const { losses } = await engine.trainEpoch(many, {
      alignmentBatches: 0,
      signal: stop.signal,
      onProgress: (done) => progress.push(done),
    });
    expect(losses.length).toBeGreaterThan(0);
    expect(losses.length).toBeLessThan(20_000);
    expect(progress.at(-1)).toBe(losses.length * 3);
    await engine.dispose();
  });

  test("gives the same bits on the same device", async () => {
    const run = async () => {
      const engine = await start(given);
      const { losses } = await engine.trainEpoch(rows, { alignmentBatches: 0 });
      await engine.dispose();
      return losses;
    };
    expect(await run()).toEqual(await run());
  });
});

test("pixels are normalised on the host, as float32", async () => {
  const spec = {
    inputShape: [2],
    rule: "bp",
    layers: [{ type: "dense", units: 1, kernelInitializer: "ones" }],
  } as const;
  const split = wholeSplit({
    inputs: Uint8Array.of(0, 255, 51, 102),
    targets: new Float32Array(2),
    count: 2,
  });
  const dataset: Dataset = {
    name: "pixels",
    task: "regression",
    inputShape: [2],
    targetShape: [1],
    outputs: 1,
    normalization: { scale: 1 / 255, mean: 0.5, standardDeviation: 0.25 },
    train: split,
    test: split,
  };
  const weights = initializeWeights(createNetwork(spec), 0);
  const engine = await createEagerEngine({
    spec,
    loss: "meanSquaredError",
    optimizer: sgd,
    weights,
    dataset,
    batchSize: 2,
    seed: 0,
    device: "cpu",
  });
  expect(engine.device).toBe("cpu");
  const output = await engine.predict(split, split.indices);
  expect([...output]).toEqual([expect.closeTo(0, 6), expect.closeTo(-1.6, 6)]);
  await engine.dispose();
});

describe("an example of several inputs, [rows, features]", () => {
  const given = trainingCase({
    rule: "dfa",
    loss: "meanSquaredError",
    optimizer: sgd,
    batch: 6,
    steps: 2,
  });
  const flat = datasetOf(given);
  const sequences = (): Dataset => {
    const { inputs, targets } = flat.train.examples;
    const split = wholeSplit({ inputs, targets, count: 4 });
    return { ...flat, inputShape: [3, 5], targetShape: [3, 4], train: split, test: split };
  };

  test("counts as so many rows of the batch", async () => {
    const [rowwise, stacked] = [
      await start(given, { batchSize: 6 }),
      await start(given, { batchSize: 2, dataset: sequences() }),
    ];
    const expected = await rowwise.trainEpoch(flat.train.indices, { alignmentBatches: 0 });
    const received = await stacked.trainEpoch(Int32Array.of(0, 1, 2, 3), { alignmentBatches: 0 });
    expect(received.losses).toEqual(expected.losses);
    expect(await stacked.weights()).toEqual(await rowwise.weights());
    await Promise.all([rowwise.dispose(), stacked.dispose()]);
  });

  test("must consist of whole inputs", async () => {
    await expect(start(given, { dataset: { ...flat, inputShape: [7] } })).rejects.toThrow(
      "The network's input shape is [5], but the data set's examples have the shape [7].",
    );
  });
});
