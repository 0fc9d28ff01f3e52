import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleSplits } from "./sampled-classification";
import { checkSizes } from "./sampled-regression";

/** Options of {@link adding}. */
export interface AddingOptions extends Omit<SampledClassificationOptions, "classes" | "noise"> {
  /** How many steps a sequence has, from 2; 10 when left out. */
  readonly sequenceLength?: number;
}

/**
 * The adding problem (Hochreiter & Schmidhuber 1997): of a stream of numbers from U[0, 1) two are marked, one in each
 * half, and their sum is to be told. Who tells 1 whatever comes has a squared error of 1/6.
 *
 * @param options sizes, sequenceLength and seed.
 * @returns inputs float32 [sequenceLength, 2], a number and 1 where it is marked, 0 elsewhere; targets float32 [1].
 * @throws BioflaxError when an option is out of its range.
 */
export function adding({ sequenceLength = 10, ...options }: AddingOptions): Dataset {
  checkSizes("adding", { sequenceLength });
  if (sequenceLength < 2)
    throw new BioflaxError(
      `adding: expected "sequenceLength" to be a whole number from 2, one step for each number that is added, received ${sequenceLength}.`,
    );
  const half = Math.floor(sequenceLength / 2);
  return {
    name: "adding",
    task: "regression",
    inputShape: [sequenceLength, 2],
    targetShape: [1],
    outputs: 1,
    ...sampleSplits("adding", "adding", options, (random, count) => {
      const inputs = new Float32Array(count * sequenceLength * 2);
      const targets = new Float32Array(count);
      for (let i = 0; i < count; i++) {
        const marked = [random.below(half), half + random.below(sequenceLength - half)];
        for (let step = 0; step < sequenceLength; step++) {
          const value = random.uniform();
          inputs[(i * sequenceLength + step) * 2] = value;
          if (!marked.includes(step)) continue;
          inputs[(i * sequenceLength + step) * 2 + 1] = 1;
          targets[i] = (targets[i] as number) + value;
        }
      }
      return { inputs, targets, count };
    }),
  };
}

/** The adding problem in the registry. */
export const addingDefinition: DatasetFacts = {
  shows: "a stream of numbers, of which two are marked, and their sum is to be told",
  targets: "values",
  origin: "generated",
  exampleSize: ({ sequenceLength = 10 }) => 2 * sequenceLength + 1,
  load: ({ batchSize = 32, ...options }) => adding({ ...options, batchSize }),
};
