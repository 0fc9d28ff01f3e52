import { BioflaxError } from "@bioflax/core";
import { readBytes } from "../files/read-file";
import type { LabelledImages } from "../image-set";
import { classLabels, type LabelNumbering } from "../labels";
import { findIdxFile, type IdxFolder, type IdxPair } from "./folder";
import { type IdxArray, parseIdx, parseIntegerIdx } from "./idx";

/** An idx file read and parsed, with the path it came from. */
type IdxFile = IdxArray<Uint8Array | Int32Array> & { readonly path: string };

/**
 * Reads one half of a data set: its images, [count, rows, columns], and its labels, [count].
 *
 * Labels of 32-bit integers are a table, [count, columns], with the class in its first column (QMNIST).
 *
 * @param folder where the files are.
 * @param pair what they are called.
 * @param numbering how the labels are numbered.
 * @throws BioflaxError when a file is missing or damaged, or the two do not belong together.
 */
export async function readLabelledImages(
  folder: IdxFolder,
  pair: IdxPair,
  numbering: LabelNumbering,
): Promise<LabelledImages> {
  // One after the other: of several faults, the first is reported.
  const images = await readIdxFile(folder, [pair.images]);
  const labels = await readIdxFile(folder, pair.labels);
  const [count, rows, columns] = images.shape as [number, number, number];
  if (count !== labels.shape[0] || labels.values.length < count) {
    throw new BioflaxError(
      `${labels.path}: expected ${count} labels, one for each image in ${images.path}, received ${labels.shape.join(" × ")}. ` +
        "Use an images file and a labels file that belong together.",
    );
  }
  if (count * rows * columns === 0) {
    throw new BioflaxError(
      `${images.path}: expected at least one image of at least one pixel, received shape [${images.shape.join(", ")}]. ` +
        "Use a file that holds images.",
    );
  }
  const [, width = 1] = labels.shape;
  const classes =
    width === 1 ? labels.values : labels.values.filter((_, place) => place % width === 0);
  return {
    examples: {
      inputs: images.values as Uint8Array,
      targets: classLabels(classes, labels.path, numbering),
      count,
    },
    imageShape: [rows, columns, 1],
  };
}

/** What a file is expected to hold, by its number of axes. */
const expected: Readonly<Record<number, string>> = {
  1: "labels, [count]",
  2: "labels, [count, columns]",
  3: "images, [count, rows, columns]",
};

/** Reads a file of as many axes and the element type that its name says: `idx3-ubyte`, `idx2-int`. */
async function readIdxFile(folder: IdxFolder, names: readonly string[]): Promise<IdxFile> {
  const { path, name } = await findIdxFile(folder, names);
  const [, digit, type] = /idx(\d)-(\w+)$/.exec(name) as unknown as [string, string, string];
  const axes = Number(digit);
  const sha256 = folder.digests?.[name];
  const bytes = await readBytes(path, sha256 === undefined ? undefined : { ...folder, sha256 });
  // Asked before the rest is read, or pixels would be taken for extents.
  if (bytes[2] === (type === "int" ? 12 : 8) && bytes[3] !== axes) {
    throw new BioflaxError(
      `${path}: expected ${expected[axes]}, whose fourth byte is ${axes}, ` +
        `the number of axes, received ${bytes[3]}. Check that the file is whole and has the right name.`,
    );
  }
  return { ...(type === "int" ? parseIntegerIdx : parseIdx)(bytes, path), path };
}
