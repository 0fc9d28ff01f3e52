import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import type { PublishedFile } from "../files/download";
import type { DownloadOptions } from "../files/download-options";
import type { ImageSetOptions } from "../image-set";
import { cifarPlaces, cifarUrl, findArchive } from "./find-archive";
import { type CifarSet, readCifar } from "./read-cifar";
import { imageShape } from "./records";

/** Options of {@link loadCifar10}. */
export interface LoadCifar10Options extends ImageSetOptions, DownloadOptions {
  /**
   * A folder with the six `.bin` files of the binary version, or with `cifar-10-batches-bin` or
   * `cifar-10-binary.tar.gz`; or the archive itself. When left out, the archive is taken from the cache folder, and
   * downloaded into it when it is not there.
   */
  readonly directory?: string | undefined;
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

const archive: PublishedFile = {
  name: "cifar-10-binary.tar.gz",
  bytes: 170052171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

/** CIFAR-10 but for where it is. @internal */
export const cifar10Set: CifarSet = {
  name: "cifar-10",
  classes: classNames.length,
  classNames,
  pixels: { mean: 0.4734, standardDeviation: 0.2516 },
  files: {
    title: "CIFAR-10",
    names: [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), "test_batch.bin"],
    folder: "cifar-10-batches-bin",
    archive: archive.name,
    baseUrl: cifarUrl,
  },
  labels: {
    kinds: ["a label"],
    wanted: 0,
    classes: classNames.length,
    remedy: "Use the binary version of CIFAR-10.",
  },
};

/** Where CIFAR-10 is looked for and published. @internal */
export const cifar10Places = () => cifarPlaces("cifar-10", archive);

/**
 * Loads CIFAR-10: 50,000 training and 10,000 test photographs of ten kinds of things, 32 × 32 pixels in colour.
 *
 * Inputs are uint8, [3072] an image, in the order [row, column, channel], to be normalised to
 * (value/255 − 0.4734) / 0.2516, the mean and standard deviation over all three channels, or to value/255 without
 * `normalize`; targets are labels 0 … 9. Krizhevsky 2009, "Learning multiple layers of features from tiny images".
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; when the archive cannot
 *   be downloaded, saying what to put where; or when the validation fraction or the seed is out of range. The signal's
 *   reason when that stops a download.
 */
export async function loadCifar10({
  directory,
  signal,
  onDownload,
  ...options
}: LoadCifar10Options = {}): Promise<Dataset> {
  if (directory !== undefined) return readCifar(directory, cifar10Set, options);
  const { place, published } = await findArchive(cifar10Places(), { signal, onDownload });
  return readCifar(place, cifar10Set, options, published);
}

/** CIFAR-10 in the registry. */
export const cifar10: DatasetFacts = {
  shows: "photographs of animals and vehicles",
  targets: "labels",
  origin: "files",
  images: imageShape,
  classes: classNames.length,
  size: [50_000, 10_000],
  licence: "none stated by its author; Krizhevsky 2009",
  load: loadCifar10,
};
