import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { cacheFolder } from "../files/cache-folder";
import type { DownloadOptions } from "../files/download-options";
import { whatToPutWhere } from "../files/own-folder";
import { completeFolder } from "../files/published-set";
import { presentMnistFiles } from "../idx/folder";
import { readIdxFolder } from "../idx/read-idx-folder";
import { type ImageSetOptions, imageDataset, useFilesOf } from "../image-set";
import { type FoundArray, labelledArrays } from "../numpy/image-arrays";
import { readNpz } from "../numpy/npz";
import { publishedKmnist } from "./published";

/** Options of {@link loadKmnist}. */
export interface LoadKmnistOptions extends ImageSetOptions, DownloadOptions {
  /**
   * A folder with the four idx files, named as MNIST's, gzipped or not; or with the four `.npz` files. When left out,
   * `kmnist` in the cache folder, into which idx files are downloaded when neither are there.
   */
  readonly directory?: string | undefined;
}

const facts = {
  name: "kmnist",
  classes: 10,
  classNames: ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"],
};

/** The files in NumPy's format: each holds one array. */
const npzFiles = {
  train: { images: "kmnist-train-imgs.npz", labels: "kmnist-train-labels.npz" },
  test: { images: "kmnist-test-imgs.npz", labels: "kmnist-test-labels.npz" },
};

const namesOfNpz = [npzFiles.train, npzFiles.test].flatMap(({ images, labels }) => [
  images,
  labels,
]);

/** Where Kuzushiji-MNIST is looked for, and where it comes from when it is not there. @internal */
export const kmnistPlaces = () => ({
  cache: join(cacheFolder(), "kmnist"),
  published: publishedKmnist,
});

/**
 * Loads Kuzushiji-MNIST: 60,000 training and 10,000 test images of ten cursive Japanese characters, 28 × 28 pixels.
 *
 * Targets are labels 0 … 9. Pixels are to be standardised with the mean and the standard deviation of the training
 * images, or scaled to [0, 1] without `normalize`. Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto & Ha 2018, "Deep
 * Learning for Classical Japanese Literature", arXiv:1812.01718.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; when the files cannot be
 *   downloaded, saying what to put where; or when the validation fraction or the seed is out of range. The signal's
 *   reason when that stops a download.
 */
export async function loadKmnist(options: LoadKmnistOptions = {}): Promise<Dataset> {
  return readKmnist(kmnistPlaces(), options);
}

/** Loads Kuzushiji-MNIST with other places than this machine's. @internal */
export async function readKmnist(
  { cache, published }: ReturnType<typeof kmnistPlaces>,
  { directory, signal, onDownload, ...options }: LoadKmnistOptions,
): Promise<Dataset> {
  const folder = directory ?? cache;
  if (await hasNpzFiles(folder)) return readNpzFiles(folder, options);
  if (directory === undefined) {
    const present = await presentMnistFiles(cache);
    const isThere = (_: unknown, index: number) => present[index] === true;
    await completeFolder(published, cache, isThere, { signal, onDownload });
  }
  const names = published.files.map(({ name }) => name);
  const remedy =
    `${whatToPutWhere({ names, from: published.baseUrl, folder: cache })} ` +
    `In place of the four, these may be there: ${namesOfNpz.join(", ")}.`;
  return readIdxFolder({ directory: folder, remedy }, facts, options);
}

async function hasNpzFiles(folder: string): Promise<boolean> {
  const present = await readdir(folder).catch((): string[] => []);
  return namesOfNpz.every((name) => present.includes(name));
}

async function readNpzFiles(folder: string, options: ImageSetOptions): Promise<Dataset> {
  const read = async ({ images, labels }: (typeof npzFiles)["train"]) =>
    labelledArrays(await onlyArray(join(folder, images)), await onlyArray(join(folder, labels)), {
      classes: facts.classes,
      remedy: useFilesOf(facts),
    });
  // One after the other: of several faults, the first is reported.
  const train = await read(npzFiles.train);
  const test = await read(npzFiles.test);
  return imageDataset({ ...facts, where: folder, train, test }, options);
}

/** The array of a file that holds one. */
async function onlyArray(path: string): Promise<FoundArray> {
  const { arrays, names } = await readNpz(path);
  const [[name, array] = []] = arrays;
  if (name === undefined || array === undefined || arrays.size > 1) {
    throw new BioflaxError(
      `${path}: expected one array, received ${names.join(", ") || "none"}. Fetch the file again.`,
    );
  }
  return { array, where: `${path}, ${name}` };
}

/** Kuzushiji-MNIST in the registry. */
export const kmnist: DatasetFacts = {
  shows: "cursive Japanese characters",
  targets: "labels",
  origin: "files",
  images: [28, 28, 1],
  classes: facts.classes,
  size: [60_000, 10_000],
  licence: "CC BY-SA 4.0; Clanuwat et al. 2018",
  load: loadKmnist,
};
