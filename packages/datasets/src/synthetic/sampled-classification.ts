import { BioflaxError, Random } from "@bioflax/core";
import { type Dataset, type Examples, wholeSplit } from "../dataset";
import { checkDatasetOptions } from "../dataset-options";
import { splitValidation } from "../split-validation";
import { checkSizes } from "./sampled-regression";

/** Options that all generated classification problems share. */
export interface SampledClassificationOptions {
  /** Examples in a batch; the sizes below are counted in batches. */
  readonly batchSize: number;
  /** Batches in the training set, what is set aside for validation included; 50 when left out. */
  readonly trainSetSize?: number;
  /** Batches in the test set; 10 when left out. */
  readonly testSetSize?: number;
  /** How many classes there are; 3 when left out. */
  readonly classes?: number;
  /** Standard deviation of what is added to every example's place, in the problem's own unit. */
  readonly noise?: number;
  /** The part of the training set that is set aside for validation; 0.1 when left out. */
  readonly valSplit?: number;
  /** Decides everything that is drawn; 0 when left out. */
  readonly seed?: number;
}

/** What makes one generated classification problem different from another. */
export interface LabelledProblem {
  /** The data set's name. */
  readonly name: string;
  /** The function a user calls, for errors. */
  readonly who: string;
  readonly features: number;
  /** Whether one output is to tell class 1 from class 0. */
  readonly isBinary?: boolean;
  /** The features of one example of a class. */
  readonly example: (label: number, random: Random) => ArrayLike<number>;
  /** What there is to say of features that are pixels: they are kept as bytes. */
  readonly image?: Required<Pick<Dataset, "imageShape" | "classNames" | "normalization">>;
}

/**
 * Generates a classification problem: each example's class drawn evenly, then its features, float32 [features] or,
 * where they are pixels, uint8.
 *
 * Training and test examples come from independent streams, so the size of one does not change the other.
 *
 * @throws BioflaxError when a size is not a whole number from 1, there are fewer than two classes, noise is not a number
 *   from 0, or the validation fraction or the seed is out of range.
 */
export function sampleClassification(
  { name, who, features, example, image, isBinary = false }: LabelledProblem,
  options: SampledClassificationOptions,
): Dataset {
  const { classes = 3 } = options;
  checkSizes(who, { classes });
  if (classes < 2)
    throw new BioflaxError(
      `${who}: expected "classes" to be at least two, between which there is something to tell, received ${classes}. Set "classes" to 2 or more.`,
    );
  const draw = (random: Random, count: number): Examples => {
    const inputs = new (image === undefined ? Float32Array : Uint8Array)(count * features);
    const targets = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const label = random.below(classes);
      targets[i] = label;
      inputs.set(example(label, random), i * features);
    }
    return { inputs, targets, count };
  };
  return {
    name,
    task: "classification",
    inputShape: [features],
    targetShape: [],
    outputs: isBinary ? 1 : classes,
    ...image,
    ...sampleSplits(name, who, options, draw),
  };
}

/**
 * The splits of a generated problem.
 *
 * @param who the function a user calls, for errors.
 * @param draw so many examples of a stream.
 * @throws BioflaxError when an option is out of its range.
 */
export function sampleSplits(
  name: string,
  who: string,
  options: SampledClassificationOptions,
  draw: (random: Random, count: number) => Examples,
): Pick<Dataset, "train" | "validation" | "test"> {
  checkDatasetOptions(who, options);
  const {
    batchSize,
    trainSetSize = 50,
    testSetSize = 10,
    classes = 3,
    noise = 0,
    valSplit = 0.1,
    seed = 0,
  } = options;
  checkSizes(who, { batchSize, trainSetSize, testSetSize, classes });
  if (!(Number.isFinite(noise) && noise >= 0))
    throw new BioflaxError(`${who}: expected "noise" to be a number from 0, received ${noise}.`);
  const drawn = (stream: string, batches: number) =>
    wholeSplit(draw(new Random(seed, name, stream), batches * batchSize));
  return {
    ...splitValidation(drawn("train", trainSetSize), valSplit, seed),
    test: drawn("test", testSetSize),
  };
}
