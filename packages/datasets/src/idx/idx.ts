import { BioflaxError, type Shape } from "@bioflax/core";

/** The contents of an idx file. */
export interface IdxArray<A = Uint8Array> {
  /** Extents, outermost first. */
  readonly shape: Shape;
  /** The elements, row-major. */
  readonly values: A;
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

/** An element type a reader wants, and what to convert other files to. */
interface Wanted {
  readonly code: 8 | 12;
  readonly bytes: number;
  readonly called: string;
}

const UINT8: Wanted = { code: 8, bytes: 1, called: "unsigned bytes" };
const INT32: Wanted = { code: 12, bytes: 4, called: "32-bit integers" };

const FETCH_AGAIN = "Fetch the file again.";

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

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
  const { shape, values } = parse(bytes, where, UINT8);
  return { shape, values };
}

/**
 * Reads an idx file of big-endian 32-bit integers (element type 12), as QMNIST's labels are.
 *
 * @param bytes the whole file, not compressed.
 * @param where the file's path, for errors.
 * @returns its shape and elements, a copy.
 * @throws BioflaxError as {@link parseIdx}.
 */
export function parseIntegerIdx(bytes: Uint8Array, where: string): IdxArray<Int32Array> {
  const { shape, values } = parse(bytes, where, INT32);
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return {
    shape,
    values: new Int32Array(values.length / 4).map((_, element) => view.getInt32(4 * element)),
  };
}

/** Checks a file's header and length. @returns the shape, and the bytes of the elements. */
function parse(bytes: Uint8Array, where: string, { code, bytes: width, called }: Wanted): IdxArray {
  if (bytes.length < 4) {
    throw new BioflaxError(
      `${where}: expected an idx file, whose header has at least 4 bytes, received ${bytes.length}. ${FETCH_AGAIN}`,
    );
  }
  const [zero, zeroToo, type, axes] = bytes as unknown as [number, number, number, number];
  if (zero !== 0 || zeroToo !== 0 || !Object.hasOwn(elementTypes, type) || axes === 0) {
    const start = Array.from(bytes.subarray(0, 4), hex).join(" ");
    throw new BioflaxError(
      `${where}: expected an idx file, which starts with 00 00 ${hex(code)} and the number of axes, received ${start}. ${FETCH_AGAIN}`,
    );
  }
  if (type !== code) {
    throw new BioflaxError(
      `${where}: expected elements of type ${elementTypes[code]} (code ${code}), received ${elementTypes[type]} (code ${type}). ` +
        `Convert the file to ${called}.`,
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
  const expected = elements * width;
  const received = bytes.length - header;
  if (received !== expected) {
    throw new BioflaxError(
      `${where}: expected ${expected} bytes after the header, for shape [${shape.join(", ")}], received ${received}: ` +
        `the file is ${received < expected ? "truncated" : "longer than it says"}. ${FETCH_AGAIN}`,
    );
  }
  return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + header, expected) };
}
