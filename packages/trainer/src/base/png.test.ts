import { inflateSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { png } from "./png";

test("a picture is a PNG with its pixels", () => {
  const pixelsOf = (file: Buffer) => {
    expect(file.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const length = file.readUInt32BE(33);
    return {
      width: file.readUInt32BE(16),
      height: file.readUInt32BE(20),
      bits: file[24],
      colorType: file[25],
      pixels: [...inflateSync(file.subarray(41, 41 + length))],
    };
  };
  const bytes = Uint8Array.of(0, 64, 128, 255, 1, 2);
  expect(pixelsOf(png(bytes, [2, 3, 1]))).toEqual({
    width: 3,
    height: 2,
    bits: 8,
    colorType: 0,
    pixels: [0, 0, 64, 128, 0, 255, 1, 2],
  });
  expect(pixelsOf(png(bytes, [2, 1, 3]))).toEqual({
    width: 1,
    height: 2,
    bits: 8,
    colorType: 2,
    pixels: [0, 0, 64, 128, 0, 255, 1, 2],
  });
});
