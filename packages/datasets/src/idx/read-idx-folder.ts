import type { Dataset } from "../dataset";
import {
  type ImageSetFacts,
  type ImageSetOptions,
  imageDataset,
  type LabelledImages,
  useFilesOf,
} from "../image-set";
import { type IdxFolder, type IdxPair, mnistFiles } from "./folder";
import { readLabelledImages } from "./labelled-images";

/** What is known of a data set in idx files beside its images. */
export interface IdxSet extends ImageSetFacts {
  /** The label of the first class; 0 when left out. */
  readonly firstLabel?: number;
  /** Turns its images as they are stored into images as they are to be seen; when left out, they are. */
  readonly upright?: (images: LabelledImages) => LabelledImages;
}

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
  { firstLabel = 0, upright = (images) => images, ...set }: IdxSet,
  options: ImageSetOptions,
): Promise<Dataset> {
  const { classes } = set;
  const numbering = {
    ...(classes !== undefined && { classes }),
    first: firstLabel,
    remedy: useFilesOf(set),
  };
  const files = folder.files ?? mnistFiles;
  const read = async (pair: IdxPair) => upright(await readLabelledImages(folder, pair, numbering));
  // One after the other: of several faults, the first is reported.
  const train = await read(files.train);
  const test = await read(files.test);
  return imageDataset({ ...set, where: folder.directory, train, test }, options);
}
