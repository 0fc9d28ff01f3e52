import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { mnistFiles, namesOf } from "../idx/folder";
import { readIdxFolder } from "../idx/read-idx-folder";
import type { ImageSetOptions } from "../image-set";
import { ownPlace } from "./own-place";

/** Options of {@link loadIdx}. */
export interface LoadIdxOptions extends ImageSetOptions {
  /** The folder with the four files. */
  readonly directory: string;
}

/**
 * Loads images of your own that are laid out like MNIST: four idx files of its names, with images of any size and as
 * many classes as the labels say.
 *
 * Pixels are to be standardised with the mean and the standard deviation of the training images, or scaled to [0, 1]
 * without `normalize`.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; or when the validation
 *   fraction or the seed is out of range.
 */
export async function loadIdx({ directory, ...options }: LoadIdxOptions): Promise<Dataset> {
  const remedy = `Put ${namesOf(mnistFiles).join(", ")} into the folder, gzipped or not.`;
  return readIdxFolder({ directory, remedy }, { name: "idx" }, options);
}

/** Images of one's own in idx files, in the registry. */
export const idx: DatasetFacts = {
  shows: "images of your own, in four files as MNIST's",
  targets: "labels",
  origin: "files",
  images: "of any shape",
  load: async ({ directory, ...options }) =>
    loadIdx({ ...options, directory: ownPlace("idx", directory, "a folder with four idx files") }),
};
