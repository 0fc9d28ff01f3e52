import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { cacheFolder } from "../files/cache-folder";
import { whatToPutWhere } from "../files/own-folder";
import { type IdxFiles, namesOf, presentSpelling } from "../idx/folder";
import { readIdxFolder } from "../idx/read-idx-folder";
import type { ImageSetOptions, LabelledImages } from "../image-set";

const digits = [..."0123456789"];
const capitals = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const small = [..."abcdefghijklmnopqrstuvwxyz"];
/** Where capital and small letters differ: the others count as the capital. */
const merged = [...digits, ...capitals, ..."abdefghnqrt"];

/** The six ways EMNIST is divided into classes, and how many training and test images each has. */
const splits = {
  byclass: {
    shows: "handwritten digits, capital and small letters",
    classNames: [...digits, ...capitals, ...small],
    size: [697_932, 116_323],
  },
  bymerge: {
    shows: "the same, letters that look alike merged",
    classNames: merged,
    size: [697_932, 116_323],
  },
  balanced: {
    shows: "the same, as many of each class",
    classNames: merged,
    size: [112_800, 18_800],
  },
  // Numbered from 1, as its files say.
  letters: {
    shows: "handwritten letters",
    classNames: capitals,
    firstLabel: 1,
    size: [124_800, 20_800],
  },
  digits: { shows: "handwritten digits", classNames: digits, size: [240_000, 40_000] },
  mnist: {
    shows: "handwritten digits, as many as MNIST has",
    classNames: digits,
    size: [60_000, 10_000],
  },
} as const;

/** One of the ways EMNIST is divided into classes. */
export type EmnistSplit = keyof typeof splits;

/** Options of {@link loadEmnist}. */
export interface LoadEmnistOptions extends ImageSetOptions {
  /** Which of its six divisions. */
  readonly split: EmnistSplit;
  /**
   * A folder with the four idx files of the division, such as `emnist-letters-train-images-idx3-ubyte.gz`, gzipped or
   * not; or with the folder `gzip` that they are published in. When left out, `emnist` in the cache folder.
   */
  readonly directory?: string | undefined;
}

function filesOf(split: EmnistSplit): IdxFiles {
  const pair = (part: string) => ({
    images: `emnist-${split}-${part}-images-idx3-ubyte`,
    labels: [`emnist-${split}-${part}-labels-idx1-ubyte`],
  });
  return { train: pair("train"), test: pair("test") };
}

/**
 * Loads EMNIST: handwritten digits and letters in the format of MNIST, 28 × 28 pixels, made upright.
 *
 * Its files have every image column by column; here they are row by row, as MNIST's. Labels are 0 … 61 (`byclass`), 0 …
 * 46 (`bymerge`, `balanced`), 0 … 25 (`letters`, whose files count from 1) or 0 … 9 (`digits`, `mnist`). Pixels are to
 * be standardised with the mean and the standard deviation of the training images, or scaled to [0, 1] without
 * `normalize`. Cohen, Afshar, Tapson & van Schaik 2017, "EMNIST: an extension of MNIST to handwritten letters",
 * arXiv:1702.05373.
 *
 * @returns the data set; training and validation share one copy of the pixels.
 * @throws BioflaxError when a file is missing, saying what to put where, damaged or not what it should be, and names
 *   it; or when the validation fraction or the seed is out of range.
 */
export async function loadEmnist({
  split,
  directory,
  ...options
}: LoadEmnistOptions): Promise<Dataset> {
  const folder = join(cacheFolder(), "emnist");
  const files = filesOf(split);
  const remedy = whatToPutWhere({
    names: namesOf(files).map((name) => `${name}.gz`),
    from: "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip, unzipped,",
    folder,
  });
  const { classNames, ...rest } = splits[split];
  return readIdxFolder(
    { directory: await folderWithin(directory ?? folder, files), files, remedy },
    {
      name: `emnist-${split}`,
      classes: classNames.length,
      classNames,
      ...("firstLabel" in rest && { firstLabel: rest.firstLabel }),
      upright: transposed,
    },
    options,
  );
}

/** The folder itself, or the one called `gzip` in it, as the published archive has it, when only that has the files. */
async function folderWithin(directory: string, { train }: IdxFiles): Promise<string> {
  const present = await readdir(directory).catch((): string[] => []);
  const isHere = presentSpelling([train.images], present) !== undefined;
  return !isHere && present.includes("gzip") ? join(directory, "gzip") : directory;
}

/** Images that were stored column by column, row by row. */
function transposed({ examples, imageShape }: LabelledImages): LabelledImages {
  // The files say [count, columns, rows].
  const [columns, rows] = imageShape;
  const size = rows * columns;
  const inputs = new Uint8Array(examples.inputs.length);
  for (let start = 0; start < inputs.length; start += size)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        inputs[start + row * columns + column] = examples.inputs[
          start + column * rows + row
        ] as number;
  return { examples: { ...examples, inputs }, imageShape: [rows, columns, 1] };
}

/** EMNIST in the registry, in each of its divisions. */
export const emnist = {
  "emnist-byclass": definition("byclass"),
  "emnist-bymerge": definition("bymerge"),
  "emnist-balanced": definition("balanced"),
  "emnist-letters": definition("letters"),
  "emnist-digits": definition("digits"),
  "emnist-mnist": definition("mnist"),
};

function definition(split: EmnistSplit): DatasetFacts {
  const { shows, classNames, size } = splits[split];
  return {
    shows,
    targets: "labels",
    origin: "files",
    images: [28, 28, 1],
    classes: classNames.length,
    size,
    licence: "none stated by its authors; Cohen, Afshar, Tapson & van Schaik 2017",
    load: (options) => loadEmnist({ ...options, split }),
  };
}
