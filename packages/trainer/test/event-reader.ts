import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a test looks at in a value of an event: TensorBoard's own kinds of values, decoded by hand. */
export interface ReadValue {
  readonly step: number;
  readonly tag: string;
  /** Which dashboard of TensorBoard shows it. */
  readonly plugin: string;
  /** The number of a scalar. */
  readonly scalar?: number;
  /** Left edge, right edge and count of each bucket of a histogram, as TensorBoard reads them; and its sums. */
  readonly buckets?: readonly (readonly [number, number, number])[];
  readonly sums?: { readonly num: number; readonly sum: number; readonly sumSquares: number };
  readonly image?: { readonly width: number; readonly height: number; readonly png: Buffer };
  /** The elements of a tensor of strings. */
  readonly strings: readonly Buffer[];
}

/** What a test looks at in an event. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly writer?: string;
  /** 1 is START. */
  readonly session?: number;
  readonly values: readonly ReadValue[];
}

/** CRC-32C a bit at a time, which is no one else's table. */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffffn;
  for (const byte of bytes) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? 0x82f63b78n : 0n);
  }
  return Number(crc ^ 0xffffffffn);
}

/** TFRecord's mask: rotated right by 15 bits, and a constant added, modulo 2³². */
function checksum(bytes: Buffer): number {
  const crc = BigInt(crc32c(bytes));
  const rotated = ((crc >> 15n) | (crc << 17n)) & 0xffffffffn;
  return Number((rotated + 0xa282ead8n) & 0xffffffffn);
}

/** The records of a TFRecord file. @throws Error when a length, a checksum or the end of the file is wrong. */
function readRecords(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== checksum(file.subarray(at, at + 8)))
      throw new Error(`The checksum of the length at ${at} is wrong.`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (data.length !== length) throw new Error(`The record at ${at} is cut off.`);
    if (file.readUInt32LE(at + 12 + length) !== checksum(data))
      throw new Error(`The checksum of the record at ${at} is wrong.`);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** A protobuf message as its fields: numbers for varints, bytes for all else. */
function fields(bytes: Buffer): Map<number, (bigint | Buffer)[]> {
  const found = new Map<number, (bigint | Buffer)[]>();
  let at = 0;
  const varint = () => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("A message is cut off.");
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error("A message is cut off.");
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const wire = key & 7;
    const value =
      wire === 0
        ? varint()
        : take(wire === 1 ? 8 : wire === 5 ? 4 : wire === 2 ? Number(varint()) : Number.NaN);
    const [number] = [key >> 3];
    found.set(number, [...(found.get(number) ?? []), value]);
  }
  return found;
}

const one = (message: Map<number, (bigint | Buffer)[]>, number: number) => message.get(number)?.[0];
const bytesAt = (message: Map<number, (bigint | Buffer)[]>, number: number) =>
  (one(message, number) as Buffer | undefined) ?? Buffer.alloc(0);
const numberAt = (message: Map<number, (bigint | Buffer)[]>, number: number) =>
  Number(one(message, number) ?? 0n);

/** Numbers of eight bytes, packed or one by one. */
const doublesAt = (message: Map<number, (bigint | Buffer)[]>, number: number) => {
  const bytes = Buffer.concat((message.get(number) ?? []) as Buffer[]);
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));
};

function histogramOf(bytes: Buffer): Pick<ReadValue, "buckets" | "sums"> {
  const histo = fields(bytes);
  // What is 0 is not written.
  const [min = 0, max = 0, num = 0, sum = 0, sumSquares = 0] = [1, 2, 3, 4, 5].map(
    (number) => doublesAt(histo, number)[0],
  );
  const limits = doublesAt(histo, 6);
  const lefts = [min, ...limits.slice(0, -1)];
  const rights = [...limits.slice(0, -1), max];
  return {
    buckets: doublesAt(histo, 7).map((count, i) => [
      lefts[i] as number,
      rights[i] as number,
      count,
    ]),
    sums: { num, sum, sumSquares },
  };
}

function readValue(step: number, bytes: Buffer): ReadValue {
  const value = fields(bytes);
  const metadata = fields(bytesAt(value, 9));
  const tensor = fields(bytesAt(value, 8));
  const shared = {
    step,
    tag: bytesAt(value, 1).toString(),
    strings: (tensor.get(8) ?? []) as Buffer[],
  };
  if (value.has(2))
    return { ...shared, plugin: "scalars", scalar: bytesAt(value, 2).readFloatLE() };
  if (value.has(5)) return { ...shared, plugin: "histograms", ...histogramOf(bytesAt(value, 5)) };
  if (value.has(4)) {
    const image = fields(bytesAt(value, 4));
    const [height, width] = [numberAt(image, 1), numberAt(image, 2)];
    return { ...shared, plugin: "images", image: { width, height, png: bytesAt(image, 4) } };
  }
  return { ...shared, plugin: bytesAt(fields(bytesAt(metadata, 1)), 1).toString() };
}

function readEvent(record: Buffer): ReadEvent {
  const event = fields(record);
  const step = numberAt(event, 2);
  const values = fields(bytesAt(event, 5)).get(1) ?? [];
  return {
    wallTime: bytesAt(event, 1).readDoubleLE(),
    step,
    ...(event.has(3) && { fileVersion: bytesAt(event, 3).toString() }),
    ...(event.has(10) && { writer: bytesAt(fields(bytesAt(event, 10)), 1).toString() }),
    ...(event.has(7) && { session: numberAt(fields(bytesAt(event, 7)), 1) }),
    values: values.map((value) => readValue(step, value as Buffer)),
  };
}

/**
 * The events of each file in a folder, in the order TensorBoard reads them: by name.
 *
 * Written for the tests from the formats' own documentation: it shares nothing with what writes the files.
 */
export function readEventFiles(folder: string): ReadEvent[][] {
  return readdirSync(folder)
    .sort()
    .map((name) => readRecords(readFileSync(join(folder, name))).map(readEvent));
}
