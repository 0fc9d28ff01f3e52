import { join } from "node:path";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { cacheFolder } from "../files/cache-folder";
import { whatToPutWhere } from "../files/own-folder";
import { type IdxFiles, namesOf } from "../idx/folder";
import { readIdxFolder } from "../idx/read-idx-folder";
import type { ImageSetOptions } from "../image-set";

/** Options of {@link loadQmnist}. */
export interface LoadQmnistOptions extends ImageSetOptions {
  /** A folder with the four `qmnist-…` idx files, gzipped or not. When left out, `qmnist` in the cache folder. */
  readonly directory?: string | undefined;
}

/**
 * The labels of a half are a table of 8 columns, the class in the first; those of the test half are there as bytes,
 * too.
 */
const pair = (part: string) => ({
  images: `qmnist-${part}-images-idx3-ubyte`,
  labels: [`qmnist-${part}-labels-idx2-int`, `qmnist-${part}-labels-idx1-ubyte`],
});

const files: IdxFiles = { train: pair("train"), test: pair("test") };

/**
 * Loads QMNIST: MNIST made again from its sources, with all 60,000 test images, 28 × 28 pixels.
 *
 * Targets are labels 0 … 9, the first of the eight columns of its label files. Pixels are to be standardised with the
 * mean and the standard deviation of the training images, or scaled to [0, 1] without `normalize`. The first 10,000
 * test images are those of MNIST. Yadav & Bottou 2019, "Cold Case: The Lost MNIST Digits", arXiv:1905.10498.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, saying what to put where, damaged or not what it should be, and names
 *   it; or when the validation fraction or the seed is out of range.
 */
export async function loadQmnist({
  directory,
  ...options
}: LoadQmnistOptions = {}): Promise<Dataset> {
  const folder = join(cacheFolder(), "qmnist");
  const remedy = whatToPutWhere({
    names: namesOf(files).map((name) => `${name}.gz`),
    from: "https://github.com/facebookresearch/qmnist",
    folder,
  });
  return readIdxFolder(
    { directory: directory ?? folder, files, remedy },
    { name: "qmnist", classes: 10 },
    options,
  );
}

/** QMNIST in the registry. */
export const qmnist: DatasetFacts = {
  shows: "handwritten digits, MNIST with all its test images",
  targets: "labels",
  origin: "files",
  images: [28, 28, 1],
  classes: 10,
  size: [60_000, 60_000],
  licence: "BSD; Yadav & Bottou 2019",
  load: loadQmnist,
};
