import type { Dataset } from "../dataset";
import { type ImageSet, type ImageSetOptions, imageDataset } from "../image-set";
import type { IdxFolder } from "./folder";
import { readLabelledImages } from "./labelled-images";

/**
 * Reads a data set of the MNIST layout.
 *
 * @param folder where its four files are.
 * @param set what is known of it beside the images.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; or when the validation
 *   fraction or the seed is out of range.
 */
export async function readIdxFolder(
  folder: IdxFolder,
  set: Omit<ImageSet, "where" | "train" | "test">,
  options: ImageSetOptions,
): Promise<Dataset> {
  const [train, test] = await Promise.all([
    readLabelledImages(folder, "train"),
    readLabelledImages(folder, "t10k"),
  ]);
  return imageDataset({ ...set, where: folder.directory, train, test }, options);
}
