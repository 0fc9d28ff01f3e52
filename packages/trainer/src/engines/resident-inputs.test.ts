import { createNetwork, initializeWeights, type NetworkSpec, Random } from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { createEagerEngine } from "./eager";
import { ResidentInputs } from "./resident-inputs";

const random = new Random(0, "resident");
const [count, size] = [40, 12];
const train = wholeSplit({
  inputs: Uint8Array.from({ length: count * size }, () => random.below(256)),
  targets: Int32Array.from({ length: count }, () => random.below(3)),
  count,
});
const dataset: Dataset = {
  ...{ name: "random", task: "classification", inputShape: [size], targetShape: [], outputs: 3 },
  ...{ normalization: { scale: 1 / 255, mean: 0.13, standardDeviation: 0.31 }, train, test: train },
};

test("on other backends than TensorFlow's library nothing is kept", async () => {
  await tf.setBackend("cpu");
  expect(new ResidentInputs(tf, dataset).take(train.examples, train.indices)).toBeUndefined();
});

const onTensorflow = process.env.BIOFLAX_TENSORFLOW ? test : test.skip;

onTensorflow.each<[string, NetworkSpec["inputShape"]]>([
  ["an input an example", [size]],
  ["several inputs an example", [size / 3]],
])(
  "training is the same to the bit from inputs kept on TensorFlow's library: %s",
  async (_name, inputShape) => {
    const spec: NetworkSpec = {
      ...{ inputShape, rule: "dfa" },
      layers: [
        { type: "dense", units: 7, activation: "relu" },
        { type: "dense", units: 3, activation: "identity" },
      ],
    };
    const { examples } = train;
    const perExample = size / (inputShape[0] as number);
    const targets = Float32Array.from({ length: count * perExample * 3 }, (_, i) => (i % 5) / 5);
    const rowwise = { ...examples, targets };
    const own = perExample === 1 ? examples : rowwise;
    const given: Dataset =
      perExample === 1
        ? dataset
        : {
            ...dataset,
            ...{ inputShape: [perExample, size / perExample], targetShape: [perExample, 3] },
            ...{ task: "regression", train: wholeSplit(rowwise), test: wholeSplit(rowwise) },
          };
    const before = tf.memory().numTensors;
    const trained = async (kept: boolean) => {
      const engine = await createEagerEngine({
        ...{ spec, dataset: given, seed: 0, batchSize: 8, device: "tensorflow" },
        loss: perExample === 1 ? "softmaxCrossEntropy" : "meanSquaredError",
        optimizer: { name: "sgd", learningRate: 0.1 },
        weights: initializeWeights(createNetwork(spec), 0),
      });
      const { losses } = await engine.trainEpoch(train.indices, {
        // Others than the data set's are cut out on the host.
        ...(!kept && { examples: { ...own } }),
        alignmentBatches: 0,
      });
      const kernel = await engine.weights();
      const held = tf.memory().numTensors;
      await engine.dispose();
      return { losses, kernel, held };
    };
    const [there, here] = [await trained(true), await trained(false)];
    expect(there.losses).toEqual(here.losses);
    expect(there.kernel).toEqual(here.kernel);
    expect(there.held).toBe(here.held + 1);
    expect(tf.memory().numTensors).toBe(before);
  },
);
