import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import type { DownloadOptions } from "../files/download-options";
import { readIdxFolder } from "../idx/read-idx-folder";
import type { ImageSetOptions } from "../image-set";
import { fashionMnistPlaces, findFashionMnist } from "./find-fashion-mnist";

/** Options of {@link loadFashionMnist}. */
export interface LoadFashionMnistOptions extends ImageSetOptions, DownloadOptions {
  /**
   * A folder with the four idx files, gzipped or not. When left out, they are looked for where Debian's package
   * `dataset-fashion-mnist` puts them, then in the cache folder, and else downloaded into that.
   */
  readonly directory?: string | undefined;
}

const classNames = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/**
 * Loads Fashion-MNIST: 60,000 training and 10,000 test images of clothes, 28 × 28 pixels.
 *
 * Inputs are uint8 pixels, [784] an image, to be normalised to (pixel/255 − 0.2860) / 0.3530, or to pixel/255 without
 * `normalize`; targets are labels 0 … 9. Xiao, Rasul & Vollgraf 2017, "Fashion-MNIST: a novel image dataset for
 * benchmarking machine learning algorithms", arXiv:1708.07747.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, damaged or not what it should be, and names it; when the files cannot be
 *   downloaded, saying what to put where; or when the validation fraction or the seed is out of range. The signal's
 *   reason when that stops a download.
 */
export async function loadFashionMnist({
  directory,
  signal,
  onDownload,
  ...options
}: LoadFashionMnistOptions = {}): Promise<Dataset> {
  const folder =
    directory === undefined
      ? await findFashionMnist(fashionMnistPlaces(), { signal, onDownload })
      : {
          directory,
          remedy:
            "Put the four Fashion-MNIST files into the folder, or leave the folder out to have them found or downloaded.",
        };
  return readIdxFolder(
    folder,
    {
      name: "fashion-mnist",
      classes: classNames.length,
      classNames,
      pixels: { mean: 0.286, standardDeviation: 0.353 },
    },
    options,
  );
}

/** Fashion-MNIST in the registry. */
export const fashionMnist: DatasetFacts = {
  shows: "clothes, shoes and bags",
  targets: "labels",
  origin: "files",
  images: [28, 28, 1],
  classes: classNames.length,
  size: [60_000, 10_000],
  licence: "MIT; Xiao, Rasul & Vollgraf 2017",
  load: loadFashionMnist,
};
