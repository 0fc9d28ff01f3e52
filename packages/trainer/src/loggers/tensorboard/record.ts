import { crc32c } from "./crc32c";

/** A CRC as records hold it: rotated and moved, for bytes that hold CRCs themselves would else have weak ones. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/**
 * A record of a TFRecord file: its length (uint64), the length's masked CRC-32C, the data, the data's masked CRC-32C,
 * all little-endian.
 */
export function record(data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(16 + data.length);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(masked(bytes.subarray(0, 8)), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(masked(data), 12 + data.length);
  return bytes;
}
