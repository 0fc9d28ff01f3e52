import { BioflaxError, sizeOf } from "@bioflax/core";
import { type Dataset, type Examples, type ImageShape, wholeSplit } from "./dataset";
import { splitValidation } from "./split-validation";

/** Options that all image sets share. */
export interface ImageSetOptions {
  /** The part of the training images set aside for validation; 0.1 when left out. */
  readonly valSplit?: number;
  /** Decides which images are set aside; 0 when left out. */
  readonly seed?: number;
  /** Whether pixels are to be standardised, or else only scaled to [0, 1]; true when left out. */
  readonly normalize?: boolean;
}

/** Images with their labels. */
export interface LabelledImages {
  /** Inputs uint8 [count, height·width·channels], targets int32 [count]. */
  readonly examples: Examples;
  readonly imageShape: ImageShape;
}

/** What makes one image set different from another. */
export interface ImageSet {
  /** The data set's name. */
  readonly name: string;
  /** Where the images come from, for errors. */
  readonly where: string;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** What the ten classes are called. */
  readonly classNames?: readonly string[];
  /** Mean of the training pixels, over all channels, as parts of 255. */
  readonly mean: number;
  /** Standard deviation of the training pixels, over all channels, as parts of 255. */
  readonly standardDeviation: number;
}

/**
 * Images of ten classes as a data set.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when training and test images have different shapes, or the validation fraction or the seed is
 *   out of range.
 */
export function imageDataset(
  { name, where, train, test, classNames, mean, standardDeviation }: ImageSet,
  { valSplit = 0.1, seed = 0, normalize = true }: ImageSetOptions,
): Dataset {
  const { imageShape } = train;
  if (imageShape.some((size, axis) => size !== test.imageShape[axis])) {
    const show = (shape: ImageShape) => shape.slice(0, 2).join(" × ");
    throw new BioflaxError(
      `${where}: expected test images of ${show(imageShape)} pixels like the training images, ` +
        `received ${show(test.imageShape)}. Put files of one data set into the folder.`,
    );
  }
  return {
    name,
    task: "classification",
    inputShape: [sizeOf(imageShape)],
    imageShape,
    targetShape: [],
    outputs: 10,
    ...(classNames && { classNames }),
    normalization: pixelNormalization(normalize, mean, standardDeviation),
    ...splitValidation(wholeSplit(train.examples), valSplit, seed),
    test: wholeSplit(test.examples),
  };
}

/** How pixels are standardised with a mean and a standard deviation in parts of 255, or only scaled to [0, 1]. */
export function pixelNormalization(normalize: boolean, mean: number, standardDeviation: number) {
  return normalize
    ? { scale: 1 / 255, mean, standardDeviation }
    : { scale: 1 / 255, mean: 0, standardDeviation: 1 };
}
