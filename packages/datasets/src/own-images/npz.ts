import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import type { ImageSetOptions } from "../image-set";
import { readNpzSet } from "../numpy/read-npz-set";
import { ownPlace } from "./own-place";

/** Options of {@link loadNpz}. */
export interface LoadNpzOptions extends ImageSetOptions {
  /** The file. */
  readonly path: string;
}

/**
 * Loads images of your own that are in one NumPy file, as many classes as its labels say.
 *
 * The file has the arrays `train_images`, uint8 [n, height, width] or [n, height, width, 3], `train_labels`, [n],
 * `test_images` and `test_labels`, and perhaps `val_images` and `val_labels`, as MedMNIST's; or `x_train`, `y_train`
 * and so on, as Keras's. Pixels are to be standardised with the mean and the standard deviation of the training images,
 * or scaled to [0, 1] without `normalize`.
 *
 * @throws BioflaxError when the file is damaged, lacks an array, or an array holds something else; or when the
 *   validation fraction or the seed is out of range.
 */
export async function loadNpz({ path, ...options }: LoadNpzOptions): Promise<Dataset> {
  return readNpzSet(path, { name: "npz" }, options);
}

/** Images of one's own in a NumPy file, in the registry. */
export const npz: DatasetFacts = {
  shows: "images of your own, in one file of NumPy arrays",
  targets: "labels",
  origin: "files",
  images: "of any shape",
  load: async ({ directory, ...options }) =>
    loadNpz({ ...options, path: ownPlace("npz", directory, "a .npz file of images") }),
};
