import { expect, test } from "@jest/globals";
import { crc32c } from "./crc32c";

// RFC 3720, B.4, and the check value of the CRC catalogues.
test.each<[string, Uint8Array, number]>([
  ["nothing", new Uint8Array(0), 0],
  ["123456789", Buffer.from("123456789"), 0xe3069283],
  ["32 zeros", new Uint8Array(32), 0x8a9136aa],
  ["32 bytes of ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ["0 to 31", Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ["31 to 0", Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
])("the CRC-32C of %s", (_name, bytes, crc) => {
  expect(crc32c(bytes)).toBe(crc);
});
