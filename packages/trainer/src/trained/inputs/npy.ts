import { type InputArray, inputError } from "./input-array";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Whether bytes are those of a NumPy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, place) => bytes[place] === byte);
}

/** How a number of each type is read, and its bytes; little-endian or, by `true`, as it is told. */
const readers: Readonly<
  Record<string, [bytes: number, read: (view: DataView, at: number, little: boolean) => number]>
> = {
  b1: [1, (view, at) => view.getUint8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  i1: [1, (view, at) => view.getInt8(at)],
  u2: [2, (view, at, little) => view.getUint16(at, little)],
  i2: [2, (view, at, little) => view.getInt16(at, little)],
  u4: [4, (view, at, little) => view.getUint32(at, little)],
  i4: [4, (view, at, little) => view.getInt32(at, little)],
  u8: [8, (view, at, little) => Number(view.getBigUint64(at, little))],
  i8: [8, (view, at, little) => Number(view.getBigInt64(at, little))],
  f4: [4, (view, at, little) => view.getFloat32(at, little)],
  f8: [8, (view, at, little) => view.getFloat64(at, little)],
};

/**
 * The array of a NumPy `.npy` file, of whole or floating-point numbers.
 *
 * @throws BioflaxError for another type of element, Fortran's order, or a file that is broken or cut off.
 */
export function readNpy(bytes: Uint8Array, name: string): InputArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLong = (bytes[6] as number) >= 2;
  const start = isLong ? 12 : 10;
  if (bytes.length < start)
    throw inputError(name, `expected a whole .npy file, received ${bytes.length} bytes.`);
  const headerEnd = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, headerEnd));
  const type = /'descr': *'([<>|=])(\w\d)'/.exec(header);
  const extents = /'shape': *\(([\d, ]*)\)/.exec(header)?.[1];
  const [byteOrder = "", kind = ""] = type?.slice(1) ?? [];
  if (extents === undefined || !Object.hasOwn(readers, kind))
    throw inputError(
      name,
      "expected a .npy file of whole or floating-point numbers, " +
        `received the header ${JSON.stringify(header.trim().slice(0, 120))}. Save it with array.astype("float32").`,
    );
  if (/'fortran_order': *True/.test(header))
    throw inputError(
      name,
      "expected rows one after another, received Fortran's order. Save it with numpy.ascontiguousarray.",
    );
  const shape = extents.split(",").flatMap((text) => (text.trim() === "" ? [] : [Number(text)]));
  const [width, read] = readers[kind] as (typeof readers)[string];
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  if (bytes.length - headerEnd !== count * width)
    throw inputError(
      name,
      `expected ${count * width} bytes for shape [${shape.join(", ")}], received ${Math.max(0, bytes.length - headerEnd)}. Is it a whole file?`,
    );
  const values = kind === "u1" ? new Uint8Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, headerEnd + i * width, byteOrder !== ">");
  return { shape, values };
}
