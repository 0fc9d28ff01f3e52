import { stat } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { cacheFolder } from "../files/cache-folder";
import { listFolder, whatToPutWhere } from "../files/own-folder";
import type { ImageSetOptions } from "../image-set";
import { readNpzSet } from "../numpy/read-npz-set";
import { type MedMnistName, medMnistSets } from "./sets";

/** Options of {@link loadMedMnist}. */
export interface LoadMedMnistOptions extends ImageSetOptions {
  /** Which of its sets, by the name of its file. */
  readonly name: MedMnistName;
  /**
   * A folder with the set's `.npz` file, such as `pathmnist.npz`, or `pathmnist_64.npz` where there is no other; or the
   * file itself. When left out, `medmnist` in the cache folder.
   */
  readonly directory?: string | undefined;
}

/**
 * Loads a set of MedMNIST: medical images of 28 × 28 pixels, or larger ones of its other sizes, grey or in colour.
 *
 * Each set is divided into training, validation and test images by its authors; with `valSplit: 0`, the validation
 * images are left out. Pixels are to be standardised with the mean and the standard deviation of the training images
 * over all channels, or scaled to [0, 1] without `normalize`. Yang, Shi, Wei, Liu, Zhao, Ke, Pfister & Ni 2023,
 * "MedMNIST v2", Scientific Data 10.
 *
 * @throws BioflaxError when the file is missing, saying what to put where, damaged or not what it should be; or when
 *   the validation fraction or the seed is out of range.
 */
export async function loadMedMnist({
  name,
  directory,
  ...options
}: LoadMedMnistOptions): Promise<Dataset> {
  const { classNames } = medMnistSets[name];
  const path = await findFile(name, directory);
  return readNpzSet(path, { name, classes: classNames.length, classNames }, options);
}

async function findFile(name: MedMnistName, directory: string | undefined): Promise<string> {
  const folder = join(cacheFolder(), "medmnist");
  const remedy = whatToPutWhere({
    names: [`${name}.npz`],
    from: `https://zenodo.org/records/10519652/files/${name}.npz`,
    folder,
  });
  const place = directory ?? folder;
  const info = await stat(place).catch(() => undefined);
  if (info?.isFile()) return place;
  const present = await listFolder(place, `${name}.npz`, remedy);
  const published = `${name}.npz`;
  const sizes = present.filter((file) => file.startsWith(`${name}_`) && /_\d+\.npz$/.test(file));
  if (present.includes(published)) return join(place, published);
  if (sizes.length > 1) {
    throw new BioflaxError(
      `${place}: expected ${published} or one file of another size, received ${sizes.join(", ")}. Name the file itself.`,
    );
  }
  const [other] = sizes;
  if (other === undefined) {
    throw new BioflaxError(
      `${place}: expected ${published}, received a folder without it. ${remedy}`,
    );
  }
  return join(place, other);
}

function definition(name: MedMnistName): DatasetFacts {
  const { shows, channels, classNames, size, licence = "CC BY 4.0" } = medMnistSets[name];
  return {
    shows,
    targets: "labels",
    origin: "files",
    images: [28, 28, channels],
    classes: classNames.length,
    size,
    licence: `${licence}; Yang et al. 2023`,
    load: (options) => loadMedMnist({ ...options, name }),
  };
}

/** The sets of MedMNIST in the registry. */
export const medMnist = Object.fromEntries(
  (Object.keys(medMnistSets) as MedMnistName[]).map((name) => [name, definition(name)]),
) as { readonly [N in MedMnistName]: DatasetFacts };
