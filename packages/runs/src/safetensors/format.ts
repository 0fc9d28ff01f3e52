import {
  BioflaxError,
  printableName,
  type Shape,
  showShape,
  showValue,
  sizeOf,
} from "@bioflax/core";
import { swapUnlessLittle } from "./byte-order";
import { type Fail, isObject, parseHeader } from "./header";
import { type NumberType, numberTypes } from "./number-types";

/** A tensor of a file. */
export interface StoredTensor {
  readonly shape: Shape;
  /** Its values, row-major; those of a file with other floating-point numbers as the nearest float32. */
  readonly values: Float32Array;
}

/** Tensors by name. */
export type StoredTensors = Readonly<Record<string, StoredTensor>>;

/** The largest header the format allows. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;
const SPACE = 0x20;

interface Entry {
  readonly name: string;
  readonly type: NumberType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

/**
 * Float32 tensors as the bytes of a .safetensors file.
 *
 * The length of the header (8 bytes, little-endian), the header (JSON, padded with spaces so that the data starts at
 * a multiple of 8), the values of one tensor after another. See https://github.com/huggingface/safetensors#format.
 *
 * @param metadata texts about the file, under `__metadata__`.
 */
export function encodeSafetensors(
  tensors: StoredTensors,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let offset = 0;
  const entries = Object.entries(tensors).map(([name, { shape, values }]) => {
    if (values.length !== sizeOf(shape)) {
      throw new BioflaxError(
        `Tensor "${printableName(name)}": expected ${sizeOf(shape)} values for shape ${showShape(shape)}, received ${values.length}.`,
      );
    }
    const begin = offset;
    offset += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [begin, offset] }] as const;
  });
  const json = new TextEncoder().encode(
    JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }),
  );
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(LENGTH_BYTES + headerBytes + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, LENGTH_BYTES);
  bytes.fill(SPACE, LENGTH_BYTES + json.length, LENGTH_BYTES + headerBytes);
  let place = LENGTH_BYTES + headerBytes;
  for (const { values } of Object.values(tensors)) {
    bytes.set(bytesOf(values), place);
    place += values.byteLength;
  }
  return bytes;
}

/** What a .safetensors file holds. */
export interface Safetensors {
  readonly tensors: StoredTensors;
  /** The texts under `__metadata__`; none when that is missing. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * The tensors of a .safetensors file, of float32, float16, bfloat16 or float64 numbers (F32, F16, BF16, F64), as
 * float32.
 *
 * @param bytes the whole file.
 * @param file its name, for errors.
 * @throws BioflaxError naming the file, and the tensor where one is to blame: for a file that is cut off, a broken
 *   header, another type of number, and offsets that overlap, leave gaps or do not fit a shape.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): StoredTensors {
  return readSafetensors(bytes, file).tensors;
}

/** The tensors of a .safetensors file, and its texts. @throws BioflaxError as {@link decodeSafetensors}. */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const fail: Fail = (problem, remedy = "Is it a whole .safetensors file?") => {
    throw new BioflaxError(`${file}: ${problem}. ${remedy}`);
  };
  const { header, data } = split(bytes, fail);
  const entries = Object.entries(header)
    .filter(([name]) => name !== "__metadata__")
    .map(([name, entry]) => readEntry(name, entry, fail))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) {
      fail(
        `tensor ${showValue(entry.name)} starts at byte ${entry.begin} of the data, expected ${end}, where the one before it ends`,
      );
    }
    end = entry.end;
  }
  if (end !== data.byteLength)
    fail(`expected ${end} bytes of data after the header, received ${data.byteLength}`);
  const tensors = Object.fromEntries(
    entries.map(({ name, type, shape, begin, end }) => [
      name,
      { shape, values: type.decode(data.subarray(begin, end)) },
    ]),
  );
  return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function split(
  bytes: Uint8Array,
  fail: Fail,
): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < LENGTH_BYTES)
    fail(`expected at least ${LENGTH_BYTES} bytes, received ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  const start = LENGTH_BYTES + headerBytes;
  if (headerBytes > MAX_HEADER_BYTES || start > bytes.length) {
    fail(`the header claims ${headerBytes} bytes, but the file has ${bytes.length}`);
  }
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, start), fail);
  return { header, data: bytes.subarray(start) };
}

function readEntry(name: string, entry: unknown, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = isObject(entry) ? entry : {};
  const wrong = (expected: string, received: unknown, remedy?: string) =>
    fail(
      `tensor ${showValue(name)}: expected ${expected}, received ${showValue(received)}`,
      remedy,
    );
  const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (!isObject(entry)) wrong("its dtype, shape and data_offsets", entry);
  if (typeof dtype !== "string" || !Object.hasOwn(numberTypes, dtype))
    return wrong(
      `floating-point numbers (dtype ${Object.keys(numberTypes).join(", ")})`,
      dtype,
      "Save its numbers as one of these.",
    );
  if (!Array.isArray(shape) || !shape.every(isSize))
    return wrong("a shape of whole numbers", shape);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    return wrong("two data_offsets", offsets);
  const [begin, end] = offsets as [number, number];
  const type = numberTypes[dtype] as NumberType;
  const expected = type.bytes * sizeOf(shape);
  if (end - begin !== expected)
    fail(
      `tensor ${showValue(name)}: expected ${expected} bytes for shape ${printableName(showShape(shape), 60)} of ${dtype}, received ${end - begin}`,
    );
  return { name, type, shape, begin, end };
}

/** The bytes of numbers as files have them, little-endian, bit for bit: NaN has many. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return swapUnlessLittle(new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)));
}
