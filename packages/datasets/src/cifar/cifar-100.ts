import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import type { PublishedFile } from "../files/download";
import type { DownloadOptions } from "../files/download-options";
import type { ImageSetOptions } from "../image-set";
import { coarseClasses, fineClasses } from "./cifar-100-classes";
import { cifarPlaces, cifarUrl, findArchive } from "./find-archive";
import { type CifarSet, readCifar } from "./read-cifar";
import { imageShape } from "./records";

/**
 * Which of an image's two classes of CIFAR-100 is its target: one of 100, or one of 20 that take in five of those each.
 */
export type Cifar100Labels = "fine" | "coarse";

/** Options of {@link loadCifar100}. */
export interface LoadCifar100Options extends ImageSetOptions, DownloadOptions {
  /**
   * A folder with `train.bin` and `test.bin` of the binary version, or with `cifar-100-binary` or
   * `cifar-100-binary.tar.gz`; or the archive itself. When left out, the archive is taken from the cache folder, and
   * downloaded into it when it is not there.
   */
  readonly directory?: string | undefined;
  /** `fine` when left out. */
  readonly labels?: Cifar100Labels;
}

const archive: PublishedFile = {
  name: "cifar-100-binary.tar.gz",
  bytes: 168513733,
  sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
};

const sets: { readonly [L in Cifar100Labels]: CifarSet } = {
  fine: set("cifar-100", 1, fineClasses),
  coarse: set("cifar-100-coarse", 0, coarseClasses),
};

/** Each record has the coarse label before the fine one. */
function set(name: string, wanted: 0 | 1, classNames: readonly string[]): CifarSet {
  return {
    name,
    classes: classNames.length,
    classNames,
    files: {
      title: "CIFAR-100",
      names: ["train.bin", "test.bin"],
      folder: "cifar-100-binary",
      archive: archive.name,
      baseUrl: cifarUrl,
    },
    labels: {
      kinds: ["a coarse label", "a fine label"],
      wanted,
      classes: classNames.length,
      remedy: "Use the binary version of CIFAR-100.",
    },
  };
}

/** Where CIFAR-100 is looked for and published. @internal */
export const cifar100Places = () => cifarPlaces("cifar-100", archive);

/**
 * Loads CIFAR-100: 50,000 training and 10,000 test photographs, 32 × 32 pixels in colour.
 *
 * Inputs are uint8, [3072] an image, in the order [row, column, channel], to be standardised with the mean and the
 * standard deviation of the training images over all channels, or to be scaled to [0, 1] without `normalize`; targets
 * are fine labels 0 … 99 or coarse labels 0 … 19. Krizhevsky 2009, "Learning multiple layers of features from tiny
 * images"; the layout of the files: https://www.cs.toronto.edu/~kriz/cifar.html.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError as `loadCifar10`.
 */
export async function loadCifar100({
  directory,
  labels = "fine",
  signal,
  onDownload,
  ...options
}: LoadCifar100Options = {}): Promise<Dataset> {
  if (directory !== undefined) return readCifar(directory, sets[labels], options);
  const { place, published } = await findArchive(cifar100Places(), { signal, onDownload });
  return readCifar(place, sets[labels], options, published);
}

function definition(labels: Cifar100Labels, shows: string): DatasetFacts {
  return {
    shows,
    targets: "labels",
    origin: "files",
    images: imageShape,
    classes: sets[labels].classNames?.length as number,
    size: [50_000, 10_000],
    licence: "none stated by its author; Krizhevsky 2009",
    load: (options) => loadCifar100({ ...options, labels }),
  };
}

/** CIFAR-100 in the registry, with each kind of labels. */
export const cifar100 = {
  "cifar-100": definition("fine", "photographs of a hundred kinds of things"),
  "cifar-100-coarse": definition("coarse", "the same, of twenty kinds"),
};
