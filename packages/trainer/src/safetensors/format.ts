import { endianness } from "node:os";
import { BioflaxError, printableName, type Shape, showShape, sizeOf } from "@bioflax/core";

/** A float32 tensor of a file. */
export interface StoredTensor {
  readonly shape: Shape;
  /** Its values, row-major. */
  readonly values: Float32Array;
}

/** Tensors by name. */
export type StoredTensors = Readonly<Record<string, StoredTensor>>;

/** The largest header the format allows. */
const MAX_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

interface Entry {
  readonly name: string;
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
  const json = Buffer.from(
    JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) }),
  );
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(LENGTH_BYTES + headerBytes + offset, " ");
  bytes.writeBigUInt64LE(BigInt(headerBytes), 0);
  json.copy(bytes, LENGTH_BYTES);
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
  /** What stands under `__metadata__`, as it was found; nothing when that is missing. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * The float32 tensors of a .safetensors file.
 *
 * @param bytes the whole file.
 * @param file its name, for errors.
 * @throws BioflaxError naming the file, and the tensor where one is to blame: for a file that is cut off, a broken
 *   header, another type of number, and offsets that overlap, leave gaps or do not fit a shape.
 */
export function decodeSafetensors(bytes: Uint8Array, file: string): StoredTensors {
  return readSafetensors(bytes, file).tensors;
}

/** The float32 tensors of a .safetensors file, and its texts. @throws BioflaxError as {@link decodeSafetensors}. */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const fail = (problem: string): never => {
    throw new BioflaxError(`${file}: ${problem}. Is it a whole .safetensors file?`);
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
        `tensor "${entry.name}" starts at byte ${entry.begin} of the data, expected ${end}, where the one before it ends`,
      );
    }
    end = entry.end;
  }
  if (end !== data.byteLength)
    fail(`expected ${end} bytes of data after the header, received ${data.byteLength}`);
  const tensors = Object.fromEntries(
    entries.map(({ name, shape, begin, end }) => [
      name,
      { shape, values: floatsOf(data.subarray(begin, end)) },
    ]),
  );
  const { __metadata__: metadata } = header;
  return { tensors, metadata: isObject(metadata) ? metadata : {} };
}

type Fail = (problem: string) => never;

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
  const text = decodeText(bytes.subarray(LENGTH_BYTES, start), fail);
  const header = parseHeader(text, fail);
  return { header, data: bytes.subarray(start) };
}

function decodeText(bytes: Uint8Array, fail: Fail): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return fail("the header is not UTF-8 text");
  }
}

function parseHeader(text: string, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return fail("the header is not JSON");
  }
  if (!isObject(header)) return fail("the header is not a JSON object");
  const duplicate = repeatedName(text);
  if (duplicate !== undefined)
    fail(`tensor "${printableName(duplicate)}" is in the header more than once`);
  return header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** A name that a JSON object has twice, of which JSON.parse keeps the last. */
function repeatedName(text: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  let expectsName = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (token === "{" || token === "[") {
      depth++;
      expectsName = token === "{" && depth === 1;
    } else if (token === "}" || token === "]") {
      depth--;
    } else if (token === ",") {
      expectsName = depth === 1;
    } else if (expectsName) {
      const name = JSON.parse(token) as string;
      if (seen.has(name)) return name;
      seen.add(name);
      expectsName = false;
    }
  }
  return undefined;
}

function readEntry(name: string, entry: unknown, fail: Fail): Entry {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  const isSize = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
  if (dtype !== "F32")
    fail(
      `tensor "${printableName(name)}": expected float32 numbers (dtype F32), received ${JSON.stringify(dtype)}`,
    );
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    fail(
      `tensor "${printableName(name)}": expected a shape of whole numbers, received ${JSON.stringify(shape)}`,
    );
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    fail(
      `tensor "${printableName(name)}": expected two data_offsets, received ${JSON.stringify(offsets)}`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const expected = 4 * sizeOf(shape as number[]);
  if (end - begin !== expected) {
    fail(
      `tensor "${printableName(name)}": expected ${expected} bytes for shape ${showShape(shape as number[])}, received ${end - begin}`,
    );
  }
  return { name, shape: shape as number[], begin, end };
}

/** The bytes of numbers as files have them, little-endian, bit for bit: NaN has many. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}

/** The numbers of a file's bytes. */
function floatsOf(bytes: Uint8Array): Float32Array {
  const copy = Uint8Array.from(bytes);
  if (endianness() !== "LE") Buffer.from(copy.buffer).swap32();
  return new Float32Array(copy.buffer);
}
