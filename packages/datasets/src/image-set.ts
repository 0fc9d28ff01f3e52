import { BioflaxError, sameShape, sizeOf } from "@bioflax/core";
import { type Dataset, type Examples, type ImageShape, wholeSplit } from "./dataset";
import { checkDatasetOptions } from "./dataset-options";
import { countClasses } from "./labels";
import { splitValidation } from "./split-validation";

/** Options that all image sets share. */
export interface ImageSetOptions {
  /**
   * The part of the training images set aside for validation; 0.1 when left out. A set with validation images of its
   * own keeps to those, and has no validation at 0.
   */
  readonly valSplit?: number;
  /** Decides which images are set aside; 0 when left out. */
  readonly seed?: number;
  /** Whether pixels are to be standardised, or else only scaled to [0, 1]; true when left out. */
  readonly normalize?: boolean;
}

/** Images with their labels. */
export interface LabelledImages {
  /** Inputs uint8 [count, height·width·channels], targets int32 [count]. */
  readonly examples: PixelExamples;
  readonly imageShape: ImageShape;
}

/** Images and their labels, uint8 [count, …] and int32 [count]. */
export interface PixelExamples extends Examples {
  readonly inputs: Uint8Array;
  readonly targets: Int32Array;
}

/** What of an image set is known beside its images. */
export interface ImageSetFacts {
  /** The data set's name. */
  readonly name: string;
  /** How many classes there are; when missing, as many as the labels say. */
  readonly classes?: number;
  /** What the classes are called. */
  readonly classNames?: readonly string[];
  /** What pixels are standardised by; when missing, what the training images have. */
  readonly pixels?: PixelMoments;
}

/** Mean and standard deviation of pixels, over all channels, as parts of 255. */
interface PixelMoments {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** What makes one image set different from another. */
export interface ImageSet extends ImageSetFacts {
  /** Where the images come from, for errors. */
  readonly where: string;
  readonly train: LabelledImages;
  /** Images that are published to validate on; when missing, some of the training images are set aside. */
  readonly validation?: LabelledImages;
  readonly test: LabelledImages;
}

/**
 * Images with their classes as a data set.
 *
 * @returns the data set; training and validation share one copy of the pixels, but where the set has validation images
 *   of its own.
 * @throws BioflaxError when the images of its parts have different shapes, the labels number no classes, or the
 *   validation fraction or the seed is out of range.
 */
export function imageDataset(
  { name, where, train, validation, test, classes, classNames, pixels }: ImageSet,
  options: ImageSetOptions,
): Dataset {
  checkDatasetOptions(name, options);
  const { valSplit = 0.1, seed = 0, normalize = true } = options;
  const { imageShape } = train;
  checkSameShape(where, imageShape, "test", test);
  if (validation !== undefined) checkSameShape(where, imageShape, "validation", validation);
  const parts = [train, ...(validation === undefined ? [] : [validation]), test];
  const whole = wholeSplit(train.examples);
  // Checked and drawn even where the set has validation images of its own: a wrong fraction is wrong for any set.
  const split = splitValidation(whole, valSplit, seed);
  const { mean, standardDeviation } = pixels ?? momentsOf(train.examples.inputs);
  return {
    name,
    task: "classification",
    inputShape: [sizeOf(imageShape)],
    imageShape,
    targetShape: [],
    outputs:
      classes ??
      countClasses(
        parts.map(({ examples }) => examples.targets),
        where,
      ),
    ...(classNames && { classNames }),
    normalization: pixelNormalization(normalize, mean, standardDeviation),
    ...(validation === undefined
      ? split
      : { train: whole, ...(valSplit > 0 && { validation: wholeSplit(validation.examples) }) }),
    test: wholeSplit(test.examples),
  };
}

function checkSameShape(
  where: string,
  expected: ImageShape,
  part: string,
  { imageShape }: LabelledImages,
): void {
  if (sameShape(expected, imageShape)) return;
  // Where only the channels differ, they are what is to be seen.
  const show = (shape: ImageShape) =>
    (expected[2] === imageShape[2] ? shape.slice(0, 2) : shape).join(" × ");
  throw new BioflaxError(
    `${where}: expected ${part} images of ${show(expected)} pixels like the training images, ` +
      `received ${show(imageShape)}. Put files of one data set into the folder.`,
  );
}

/** Mean and standard deviation of bytes, as parts of 255; a deviation of 1 where all are the same. */
function momentsOf(pixels: Uint8Array): PixelMoments {
  // Whole numbers far below 2^53: the sums are exact.
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i] as number;
    sum += pixel;
    squares += pixel * pixel;
  }
  const mean = sum / pixels.length;
  const deviation = Math.sqrt(Math.max(0, squares / pixels.length - mean * mean));
  return { mean: mean / 255, standardDeviation: deviation === 0 ? 1 : deviation / 255 };
}

/** How pixels are standardised with a mean and a standard deviation in parts of 255, or only scaled to [0, 1]. */
export function pixelNormalization(normalize: boolean, mean: number, standardDeviation: number) {
  return normalize
    ? { scale: 1 / 255, mean, standardDeviation }
    : { scale: 1 / 255, mean: 0, standardDeviation: 1 };
}

/** What to do about files with labels that are none of a set's classes, in a sentence. */
export function useFilesOf({ name, classes }: Pick<ImageSetFacts, "name" | "classes">): string {
  return classes === undefined
    ? "Number the classes from 0."
    : `Use the files of ${name}, which has ${classes} classes; in images of your own (idx, npz), classes are counted.`;
}
