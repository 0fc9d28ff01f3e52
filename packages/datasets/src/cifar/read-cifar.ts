import type { Dataset } from "../dataset";
import type { Published } from "../files/read-file";
import { type ImageSetFacts, type ImageSetOptions, imageDataset } from "../image-set";
import { type ArchivedFiles, readArchivedFiles } from "./archived-files";
import { imageShape, joinRecords, type RecordLabels, readRecords } from "./records";

/** What makes CIFAR-10 different from CIFAR-100. */
export interface CifarSet extends ImageSetFacts {
  /** Its files: those of training images, and at the end the one of test images. */
  readonly files: ArchivedFiles;
  readonly labels: RecordLabels;
}

/**
 * Reads a data set in a binary version from a folder or an archive.
 *
 * @param published what the archive must be; when left out, any with such files will do.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; or when the validation
 *   fraction or the seed is out of range.
 */
export async function readCifar(
  place: string,
  { files, labels, ...facts }: CifarSet,
  options: ImageSetOptions,
  published?: Published,
): Promise<Dataset> {
  const read = (bytes: Uint8Array, where: string) => readRecords(bytes, where, labels);
  const parts = await readArchivedFiles(place, files, read, published);
  const [test] = parts.slice(-1) as [(typeof parts)[number]];
  return imageDataset(
    {
      ...facts,
      where: place,
      train: { examples: joinRecords(parts.slice(0, -1), place), imageShape },
      test: { examples: test, imageShape },
    },
    options,
  );
}
