import { BioflaxError } from "@bioflax/core";
import type { Examples, ImageShape } from "../dataset";

/** Shape of an image of CIFAR-10. */
export const imageShape = [32, 32, 3] as const satisfies ImageShape;

const [HEIGHT, WIDTH, CHANNELS] = imageShape;
const PLANE = HEIGHT * WIDTH;
/** A label, then the image. */
const RECORD = 1 + PLANE * CHANNELS;

/** Images and their labels, uint8 [count, …] and int32 [count]. */
export interface PixelExamples extends Examples {
  readonly inputs: Uint8Array;
  readonly targets: Int32Array;
}

/**
 * Reads a file of CIFAR-10's binary version: records of a label and the image's red plane, its green and its blue one,
 * each row by row.
 *
 * @param bytes the whole file.
 * @param where its path, for errors.
 * @returns inputs uint8 [count, 32, 32, 3], in the order [row, column, channel], and targets int32 [count].
 * @throws BioflaxError when it does not hold whole records, or a label is none of the ten.
 */
export function readRecords(bytes: Uint8Array, where: string): PixelExamples {
  const count = bytes.length / RECORD;
  if (count === 0 || !Number.isInteger(count)) {
    throw new BioflaxError(
      `${where}: expected records of ${RECORD} bytes, a label and 32 × 32 pixels in three colours, received ` +
        `${bytes.length} bytes, which is ${count === 0 ? "none" : "not a whole number of them"}. Fetch the file again.`,
    );
  }
  const inputs = new Uint8Array(count * PLANE * CHANNELS);
  const targets = new Int32Array(count);
  let to = 0;
  for (let row = 0, from = 0; row < count; row++, from += RECORD) {
    const label = bytes[from] as number;
    if (label > 9) {
      throw new BioflaxError(
        `${where}: expected labels from 0 to 9, received ${label} for image ${row}. ` +
          "Use the binary version of CIFAR-10.",
      );
    }
    targets[row] = label;
    for (let red = from + 1, end = red + PLANE; red < end; red++, to += CHANNELS) {
      inputs[to] = bytes[red] as number;
      inputs[to + 1] = bytes[red + PLANE] as number;
      inputs[to + 2] = bytes[red + 2 * PLANE] as number;
    }
  }
  return { inputs, targets, count };
}
