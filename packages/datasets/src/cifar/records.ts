import { BioflaxError } from "@bioflax/core";
import type { ImageShape } from "../dataset";
import type { PixelExamples } from "../image-set";
import { classLabels, type LabelNumbering } from "../labels";

/** Shape of an image of CIFAR-10 and CIFAR-100. */
export const imageShape = [32, 32, 3] as const satisfies ImageShape;

const [HEIGHT, WIDTH, CHANNELS] = imageShape;
const PLANE = HEIGHT * WIDTH;

/** How the records of a binary version begin. */
export interface RecordLabels extends LabelNumbering {
  /** The labels of a record, in their order, each a byte. */
  readonly kinds: readonly string[];
  /** Which of them is wanted. */
  readonly wanted: number;
}

/**
 * Reads a file of a binary version: records of labels and the image's red plane, its green and its blue one, each row
 * by row.
 *
 * @param bytes the whole file.
 * @param where its path, for errors.
 * @returns inputs uint8 [count, 32, 32, 3], in the order [row, column, channel], and targets int32 [count].
 * @throws BioflaxError when it does not hold whole records, or a label is none of the classes.
 */
export function readRecords(
  bytes: Uint8Array,
  where: string,
  { kinds, wanted, ...numbering }: RecordLabels,
): PixelExamples {
  const length = kinds.length + PLANE * CHANNELS;
  const count = bytes.length / length;
  if (count === 0 || !Number.isInteger(count)) {
    throw new BioflaxError(
      `${where}: expected records of ${length} bytes, ${kinds.join(", ")} and 32 × 32 pixels in three colours, received ` +
        `${bytes.length} bytes, which is ${count === 0 ? "none" : "not a whole number of them"}. Fetch the file again.`,
    );
  }
  const inputs = new Uint8Array(count * PLANE * CHANNELS);
  const labels = new Uint8Array(count);
  let to = 0;
  for (let row = 0, from = 0; row < count; row++, from += length) {
    labels[row] = bytes[from + wanted] as number;
    const pixels = from + kinds.length;
    for (let red = pixels, end = pixels + PLANE; red < end; red++, to += CHANNELS) {
      inputs[to] = bytes[red] as number;
      inputs[to + 1] = bytes[red + PLANE] as number;
      inputs[to + 2] = bytes[red + 2 * PLANE] as number;
    }
  }
  return { inputs, targets: classLabels(labels, where, numbering), count };
}

/**
 * Records of several files one after another.
 *
 * @param where the folder or archive, for errors.
 * @throws BioflaxError unless each file has as many: one that is cut between images has fewer.
 */
export function joinRecords(parts: readonly PixelExamples[], where: string): PixelExamples {
  const counts = parts.map(({ count }) => count);
  if (new Set(counts).size > 1) {
    throw new BioflaxError(
      `${where}: expected as many images in each of the ${parts.length} training files, received ${counts.join(", ")}. ` +
        "Fetch those with fewer again.",
    );
  }
  const [first] = parts as [PixelExamples];
  if (parts.length === 1) return first;
  const { count, inputs } = first;
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
