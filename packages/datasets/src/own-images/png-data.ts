import { crc32, inflateSync } from "node:zlib";
import { printableName } from "@bioflax/core";

/** The seven passes of an interlaced picture: the first column and row of each, and how far it is to the next. */
const passes = [
  { x: 0, y: 0, right: 8, down: 8 },
  { x: 4, y: 0, right: 8, down: 8 },
  { x: 0, y: 4, right: 4, down: 8 },
  { x: 2, y: 0, right: 4, down: 4 },
  { x: 0, y: 2, right: 2, down: 4 },
  { x: 1, y: 0, right: 2, down: 2 },
  { x: 0, y: 1, right: 1, down: 2 },
];
const onePass = [{ x: 0, y: 0, right: 1, down: 1 }];

/** Samples of a pixel, by PNG's number of the kind of colours. */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const TOO_MUCH = "it has more pixel data than pixels";

/** What a picture's header says of its pixel data. */
interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/**
 * The bytes of the pixel data of a picture once it is inflated: its rows, each with a byte before it that names its
 * filter.
 */
function bytesExpected(header: Header): number | undefined {
  const { width, height, bitDepth, colorType, interlaced } = header;
  const perPixel = samples[colorType];
  if (perPixel === undefined) return undefined;
  const bits = bitDepth * perPixel;
  return (interlaced ? passes : onePass).reduce((sum, { x, y, right, down }) => {
    const columns = Math.ceil((width - x) / right);
    const rows = Math.ceil((height - y) / down);
    return columns <= 0 || rows <= 0 ? sum : sum + rows * (1 + Math.ceil((columns * bits) / 8));
  }, 0);
}

/**
 * What is wrong with the chunks of a PNG file (https://www.w3.org/TR/png-3/#5DataRep), which pngjs tells in words about
 * its own reading: one that is cut off, a wrong checksum, or no end.
 *
 * @param bytes a file that begins as a PNG file does.
 * @returns the problem, or undefined when every chunk up to the last, IEND, is whole.
 */
export function chunkProblem(bytes: Uint8Array): string | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at < file.length; ) {
    if (at + 8 > file.length) return "its last chunk is cut off";
    const type = file.toString("latin1", at + 4, at + 8);
    const end = at + 8 + file.readUInt32BE(at);
    if (end + 4 > file.length) return `its chunk ${printableName(type)} is cut off`;
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end))
      return `the checksum of its chunk ${printableName(type)} is wrong`;
    if (type === "IEND") return undefined;
    at = end + 4;
  }
  return "its last chunk, IEND, is missing";
}

/** The header and the compressed pixel data of a PNG file. */
function read(bytes: Uint8Array): { header: Header; data: Uint8Array } {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    if (type === "IDAT") parts.push(file.subarray(at + 8, at + 8 + length));
    if (type === "IEND") break;
    at += 12 + length;
  }
  const [bitDepth, colorType, , , interlace] = file.subarray(24, 29) as unknown as number[];
  return {
    header: {
      width: file.readUInt32BE(16),
      height: file.readUInt32BE(20),
      bitDepth: bitDepth as number,
      colorType: colorType as number,
      interlaced: interlace === 1,
    },
    data: Buffer.concat(parts),
  };
}

/**
 * The zlib stream of some bytes, inflated, and how many of the bytes it took; at most so much of it. @throws Error
 * where it is none.
 */
function inflated(data: Uint8Array, most: number): { buffer: Buffer; taken: number } {
  // With `info`, which Node's types do not know, it returns the engine as well.
  const { buffer, engine } = inflateSync(data, {
    info: true,
    maxOutputLength: most,
  } as object) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
  return { buffer, taken: engine.bytesWritten };
}

/**
 * What is wrong with the pixel data of a PNG file (https://www.w3.org/TR/png-3/#10Compression), which pngjs does not
 * say: it takes a stream that is cut, or none, for rows of black pixels.
 *
 * @param bytes a file whose chunks are whole ({@link chunkProblem}).
 * @returns the problem, or undefined when every row is there and nothing else.
 */
export function pixelDataProblem(bytes: Uint8Array): string | undefined {
  const { header, data } = read(bytes);
  const expected = bytesExpected(header);
  // Other kinds of colours there are none: pngjs says so.
  if (expected === undefined) return undefined;
  try {
    const { buffer, taken } = inflated(data, expected + 1);
    if (buffer.length < expected)
      return `its pixel data end after ${buffer.length} of ${expected} bytes`;
    return buffer.length > expected || taken < data.length ? TOO_MUCH : undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? TOO_MUCH
      : `its pixel data cannot be inflated: ${message}`;
  }
}
