import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleClassification } from "./sampled-classification";
import { checkSizes } from "./sampled-regression";

/** Options of {@link copy}. */
export interface CopyOptions extends Omit<SampledClassificationOptions, "noise"> {
  /** How many symbols a sequence has; 10 when left out. */
  readonly sequenceLength?: number;
  /** How many steps before the last one the symbol is that is to be told, from 0; 3 when left out. */
  readonly delay?: number;
}

/**
 * Delayed copy: a stream of symbols, each drawn evenly, and at its end the one of `delay` steps before is to be told. So
 * the last `delay` + 1 symbols have to be kept apart; the others say nothing.
 *
 * @param options sizes, classes (which are the symbols), sequenceLength, delay and seed.
 * @returns inputs float32 [sequenceLength, classes], one-hot; labels int32.
 * @throws BioflaxError when an option is out of its range, or the delay is longer than the sequence.
 */
export function copy({ sequenceLength = 10, delay = 3, ...options }: CopyOptions): Dataset {
  const { classes = 3 } = options;
  checkSizes("copy", { sequenceLength, classes });
  if (!Number.isInteger(delay) || delay < 0 || delay >= sequenceLength)
    throw new BioflaxError(
      `copy: expected "delay" to be a whole number from 0 to ${sequenceLength - 1}, one less than the sequence is long, received ${delay}.`,
    );
  const place = sequenceLength - 1 - delay;
  const data = sampleClassification(
    {
      name: "copy",
      who: "copy",
      features: sequenceLength * classes,
      example(label, random) {
        const steps = new Float32Array(sequenceLength * classes);
        for (let step = 0; step < sequenceLength; step++)
          steps[step * classes + (step === place ? label : random.below(classes))] = 1;
        return steps;
      },
    },
    { ...options, classes },
  );
  return { ...data, inputShape: [sequenceLength, classes] };
}

/** Delayed copy in the registry. */
export const copyDefinition: DatasetFacts = {
  shows: "a stream of symbols, of which the one some steps before the end is to be told",
  targets: "labels",
  origin: "generated",
  oneHot: true,
  exampleSize: ({ sequenceLength = 10, classes = 3 }) => sequenceLength * classes,
  load: ({ batchSize = 32, ...options }) => copy({ ...options, batchSize }),
};
