import { crc32, deflateSync } from "node:zlib";
import type { ImageShape } from "@bioflax/datasets";

/** PNG's numbers for grey and for red, green and blue, by how many channels there are. */
const colorTypes: Readonly<Record<number, number>> = { 1: 0, 3: 2 };

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** Whether images of this shape can be shown: those in grey, and those in red, green and blue. */
export function isPicture([, , channels]: ImageShape): boolean {
  return Object.hasOwn(colorTypes, channels);
}

/**
 * A picture as a PNG file (ISO/IEC 15948).
 *
 * @param pixels a byte a channel, row by row; 0 is black.
 * @param imageShape [height, width, channels], with one channel for grey or three for red, green and blue.
 */
export function png(pixels: Uint8Array, [height, width, channels]: ImageShape): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // 8 bits a channel; the standard's only compression and filter methods, not interlaced.
  header.set([8, colorTypes[channels] as number, 0, 0, 0], 8);
  const length = width * channels;
  const rows = Buffer.alloc((length + 1) * height);
  for (let row = 0; row < height; row++)
    rows.set(pixels.subarray(row * length, (row + 1) * length), row * (length + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
