import { BioflaxError, float16At, type Shape } from "@bioflax/core";

/** The contents of a NumPy file. */
export interface NpyArray {
  /** Extents, outermost first. */
  readonly shape: Shape;
  /** The elements, row-major whatever order the file has them in: bytes as uint8, all else as float32. */
  readonly values: Uint8Array | Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether bytes are those of a NumPy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, place) => bytes[place] === byte);
}

type Read = (view: DataView, at: number, little: boolean) => number;

/** How many bytes an element of each type has, and how it is read, little-endian or, by `false`, big-endian. */
const readers: Readonly<Record<string, readonly [bytes: number, read: Read]>> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f2: [2, float16At],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/**
 * Reads a NumPy `.npy` file of truth values, whole or floating-point numbers, in C's or Fortran's order.
 *
 * The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.
 *
 * @param bytes the whole file.
 * @param where the file's path, for errors.
 * @returns its shape and elements; bytes in C's order are a view into `bytes`, all else is a copy.
 * @throws BioflaxError for another type of element, or a file that is broken or cut off.
 */
export function parseNpy(bytes: Uint8Array, where: string): NpyArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = (bytes[6] as number) >= 2;
  const start = isLong ? 12 : 10;
  if (!isNpy(bytes) || bytes.length < start) {
    throw new BioflaxError(
      `${where}: expected a whole .npy file, received ${isNpy(bytes) ? `${bytes.length} bytes` : "another kind of file"}. ` +
        "Save it with numpy.save.",
    );
  }
  const headerEnd = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, headerEnd));
  const type = /'descr': *'([<>|=])(\w\d)'/.exec(header);
  const extents = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  const [byteOrder = "", kind = ""] = type?.slice(1) ?? [];
  if (extents === undefined || !Object.hasOwn(readers, kind)) {
    throw new BioflaxError(
      `${where}: expected a .npy file of whole or floating-point numbers, ` +
        `received the header ${JSON.stringify(header.trim().slice(0, 120))}. Save it with array.astype("float32").`,
    );
  }
  const shape = extents.split(",").flatMap((text) => (text.trim() === "" ? [] : [Number(text)]));
  const [width, read] = readers[kind] as (typeof readers)[string];
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - headerEnd !== count * width) {
    throw new BioflaxError(
      `${where}: expected ${count * width} bytes for shape [${shape.join(", ")}], ` +
        `received ${Math.max(0, bytes.length - headerEnd)}. Is it a whole file?`,
    );
  }
  const isFortran = /'fortran_order': *True/.test(header);
  if (kind === "u1" && !isFortran)
    return { shape, values: new Uint8Array(bytes.buffer, bytes.byteOffset + headerEnd, count) };
  const values = kind === "u1" ? new Uint8Array(count) : new Float32Array(count);
  const little = byteOrder !== ">";
  const places = isFortran ? fortranPlaces(shape) : undefined;
  for (let i = 0; i < count; i++)
    values[i] = read(view, headerEnd + (places?.() ?? i) * width, little);
  return { shape, values };
}

/** Where the elements of an array in Fortran's order lie, asked for one after another in C's order. */
function fortranPlaces(shape: Shape): () => number {
  const index = shape.map(() => 0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((a, b) => a * b, 1));
  let next = 0;
  return () => {
    const place = next;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [at, extent, stride] = [index[axis], shape[axis], strides[axis]] as [
        number,
        number,
        number,
      ];
      if (at + 1 < extent) {
        index[axis] = at + 1;
        next += stride;
        break;
      }
      index[axis] = 0;
      next -= at * stride;
    }
    return place;
  };
}
