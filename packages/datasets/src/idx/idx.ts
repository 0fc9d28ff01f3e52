import { BioflaxError, type Shape } from "@bioflax/core";

/** The contents of an idx file. */
export interface IdxArray {
  /** Extents, outermost first. */
  readonly shape: Shape;
  /** The elements, row-major. */
  readonly values: Uint8Array;
}

/** The element types of the format, by their code. */
const elementTypes: Readonly<Record<number, string>> = {
  8: "uint8",
  9: "int8",
  11: "int16",
  12: "int32",
  13: "float32",
  14: "float64",
};

const FETCH_AGAIN = "Fetch the file again.";

/**
 * Reads an idx file of unsigned bytes, the format MNIST is published in.
 *
 * The format: two zero bytes, the element type (8 for uint8), the number of axes; each axis's extent as a
 * big-endian uint32; the elements in row-major order.
 *
 * @param bytes the whole file, not compressed.
 * @param where the file's path, for errors.
 * @returns its shape and elements; the elements are a view into `bytes`, not a copy.
 * @throws BioflaxError when the bytes are not such a file, or are too few or too many for the shape in it.
 */
export function parseIdx(bytes: Uint8Array, where: string): IdxArray {
  if (bytes.length < 4) {
    throw new BioflaxError(
      `${where}: expected an idx file, whose header has at least 4 bytes, received ${bytes.length}. ${FETCH_AGAIN}`,
    );
  }
  const [zero, zeroToo, type, axes] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || zeroToo !== 0 || !Object.hasOwn(elementTypes, type) || axes === 0) {
    const start = Array.from(bytes.subarray(0, 4), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join(" ");
    throw new BioflaxError(
      `${where}: expected an idx file, which starts with 00 00 08 and the number of axes, received ${start}. ${FETCH_AGAIN}`,
    );
  }
  if (type !== 8) {
    throw new BioflaxError(
      `${where}: expected elements of type uint8 (code 8), received ${elementTypes[type]} (code ${type}). ` +
        "Convert the file to unsigned bytes.",
    );
  }
  const header = 4 + 4 * axes;
  if (bytes.length < header) {
    throw new BioflaxError(
      `${where}: expected a header of ${header} bytes for ${axes} axes, received ${bytes.length} bytes in all. ${FETCH_AGAIN}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  // Asked first, because extents that overflow to Infinity times 0 would be NaN.
  const elements = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  const received = bytes.length - header;
  if (received !== elements) {
    throw new BioflaxError(
      `${where}: expected ${elements} bytes after the header, for shape [${shape.join(", ")}], received ${received}: ` +
        `the file is ${received < elements ? "truncated" : "longer than it says"}. ${FETCH_AGAIN}`,
    );
  }
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, elements) };
}
