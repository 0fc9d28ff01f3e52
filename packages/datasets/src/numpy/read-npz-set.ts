import type { Dataset } from "../dataset";
import type { ImageSetFacts, ImageSetOptions } from "../image-set";
import { readNpz } from "./npz";
import { npzDataset, npzNames } from "./npz-dataset";

/**
 * Reads a data set of images that is in one `.npz` file: see {@link npzDataset}.
 *
 * @throws BioflaxError when the file is damaged, lacks an array, or an array holds something else; or when the
 *   validation fraction or the seed is out of range.
 */
export async function readNpzSet(
  path: string,
  facts: ImageSetFacts,
  options: ImageSetOptions,
): Promise<Dataset> {
  const found = await readNpz(path, (name) => npzNames.includes(name));
  return npzDataset(path, found, facts, options);
}
