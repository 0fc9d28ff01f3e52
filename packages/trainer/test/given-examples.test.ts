import { createNetwork, initializeWeights, type NetworkSpec, Random } from "@bioflax/core";
import { type Dataset, type Examples, wholeSplit } from "@bioflax/datasets";
import { expect, test } from "@jest/globals";
import { createCompiledEngine } from "../src/engines/compiled";
import { createEagerEngine } from "../src/engines/eager";
import type { EngineSetup } from "../src/engines/engine";

const random = new Random(0, "given-examples");
const pixels = (count: number): Examples => ({
  inputs: Uint8Array.from({ length: count * 12 }, () => random.below(256)),
  targets: Int32Array.from({ length: count }, () => random.below(3)),
  count,
});

function setupWith(examples: Examples): EngineSetup {
  const dataset: Dataset = {
    name: "pixels",
    task: "classification",
    inputShape: [12],
    imageShape: [2, 2, 3],
    targetShape: [],
    outputs: 3,
    normalization: { scale: 1 / 255, mean: 0.5, standardDeviation: 0.3 },
    train: wholeSplit(examples),
    test: wholeSplit(examples),
  };
  const spec: NetworkSpec = {
    inputShape: [12],
    layers: [
      { type: "dense", units: 5, activation: "tanh" },
      { type: "dense", units: 3 },
    ],
    rule: "fa",
  };
  return {
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
    weights: initializeWeights(createNetwork(spec), 0),
    dataset,
    batchSize: 4,
    seed: 0,
    device: "cpu",
    threads: 1,
  };
}

test.each([
  ["compiled", createCompiledEngine],
  ["eager", createEagerEngine],
])(
  "the %s engine trains on the examples an epoch is given, and evaluates on the data set's",
  async (_, create) => {
    const [own, first, second] = [pixels(20), pixels(20), pixels(20)];
    const order = wholeSplit(own).indices;
    /** Losses of epochs on some examples, and of the data set after them. */
    const run = async (examples: Examples, epochs: readonly (Examples | undefined)[]) => {
      const engine = await create(setupWith(examples));
      try {
        const losses: number[] = [];
        for (const given of epochs) {
          const result = await engine.trainEpoch(order, {
            alignmentBatches: 0,
            ...(given && { examples: given }),
          });
          losses.push(...result.losses);
        }
        const { loss } = await engine.evaluate(wholeSplit(own));
        return { losses, loss };
      } finally {
        await engine.dispose();
      }
    };
    const given = await run(own, [first, second, undefined]);
    expect(given).toEqual(await run(first, [undefined, second, own]));
    expect(given.losses).toHaveLength(15);
    expect(given).not.toEqual(await run(own, [undefined, undefined, undefined]));
  },
);
