import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DownloadOptions } from "../files/download";
import type { Published } from "../files/read-file";
import { type ImageSetOptions, imageDataset } from "../image-set";
import { readBatchFiles, testBatch, trainBatches } from "./batch-files";
import { cifar10Places, findCifar10 } from "./find-cifar-10";
import { imageShape, type PixelExamples, readRecords } from "./records";

/** Options of {@link loadCifar10}. */
export interface LoadCifar10Options extends ImageSetOptions, DownloadOptions {
  /**
   * A folder with the six `.bin` files of the binary version, or with `cifar-10-batches-bin` or `cifar-10-binary.tar.gz`;
   * or the archive itself. When left out, the archive is taken from the cache folder, and downloaded into it when it is
   * not there.
   */
  readonly directory?: string;
}

const classNames = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test photographs of ten kinds of things, 32 × 32 pixels in colour.
 *
 * Inputs are uint8, [3072] an image, in the order [row, column, channel], to be normalised to
 * (value/255 − 0.4734) / 0.2516, the mean and standard deviation over all three channels, or to value/255 without
 * `normalize`; targets are labels 0 … 9. Krizhevsky 2009, "Learning multiple layers of features from tiny images".
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; when the archive cannot be
 *   downloaded, saying what to put where; or when the validation fraction or the seed is out of range. The signal's
 *   reason when that stops a download.
 */
export async function loadCifar10({
  directory,
  signal,
  onDownload,
  ...options
}: LoadCifar10Options = {}): Promise<Dataset> {
  const { place, published } =
    directory === undefined
      ? await findCifar10(cifar10Places(), { signal, onDownload })
      : { place: directory };
  return readCifar10(place, options, published);
}

/** Reads CIFAR-10 from a folder or an archive. @internal @throws BioflaxError as {@link loadCifar10}. */
export async function readCifar10(
  place: string,
  options: ImageSetOptions,
  published?: Published,
): Promise<Dataset> {
  const batches = await readBatchFiles(place, readRecords, published);
  const training = trainBatches.map((name) => batches[name]);
  return imageDataset(
    {
      name: "cifar-10",
      where: place,
      train: { examples: joined(training, place), imageShape },
      test: { examples: batches[testBatch], imageShape },
      classNames,
      mean: 0.4734,
      standardDeviation: 0.2516,
    },
    options,
  );
}

/** The training images in the order of their files, each of which must have as many: one cut between images has fewer. */
function joined(parts: readonly PixelExamples[], where: string): PixelExamples {
  const counts = parts.map(({ count }) => count);
  if (new Set(counts).size > 1) {
    throw new BioflaxError(
      `${where}: expected as many images in each of the five training files, received ${counts.join(", ")}. ` +
        "Fetch those with fewer again.",
    );
  }
  const [{ count, inputs }] = parts as [PixelExamples];
  const all = {
    inputs: new Uint8Array(parts.length * inputs.length),
    targets: new Int32Array(parts.length * count),
    count: parts.length * count,
  };
  for (const [i, part] of parts.entries()) {
    all.inputs.set(part.inputs, i * inputs.length);
    all.targets.set(part.targets, i * count);
  }
  return all;
}
