import { createNetwork } from "@bioflax/core";
import type { TrainingCase } from "@bioflax/core/testing";
import { wholeSplit } from "@bioflax/datasets";
import type { EngineSetup } from "../src/engines/engine";

/** A case as an engine is set up for it: its batches are, in order, the rows of one data set, so many to a batch. */
export function setupOf(given: TrainingCase): EngineSetup {
  const { spec, loss, optimizer, weights, seed, batches } = given;
  const isOfClasses = batches[0]?.labels !== undefined;
  const examples = batches.flatMap(({ input }) => input);
  const all = wholeSplit({
    inputs: Float32Array.from(examples.flat()),
    targets: isOfClasses
      ? Int32Array.from(batches.flatMap(({ labels = [] }) => labels))
      : Float32Array.from(batches.flatMap(({ values = [] }) => values.flat())),
    ...(batches[0]?.weights && {
      weights: Float32Array.from(batches.flatMap(({ weights = [] }) => weights)),
    }),
    count: examples.length,
  });
  const { outputs } = createNetwork(spec);
  const dataset = {
    name: "random",
    task: isOfClasses ? "classification" : "regression",
    inputShape: spec.inputShape,
    targetShape: isOfClasses ? [] : [outputs],
    outputs,
    train: all,
    test: all,
  } as const;
  const batchSize = batches[0]!.input.length;
  return { spec, loss, optimizer, weights, seed, dataset, batchSize, device: "cpu", threads: 1 };
}
