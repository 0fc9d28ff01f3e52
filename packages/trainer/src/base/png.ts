import type { ImageShape } from "@bioflax/datasets";
import { type ColorType, PNG } from "pngjs";

/** PNG's numbers for grey and for red, green and blue, by how many channels there are. */
const colorTypes: Readonly<Record<number, ColorType>> = { 1: 0, 3: 2 };

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
  const colorType = colorTypes[channels] as ColorType;
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  // Unfiltered: drawings and small images are smaller for it, and written faster.
  return PNG.sync.write(picture, {
    colorType,
    inputColorType: colorType,
    inputHasAlpha: false,
    filterType: 0,
  });
}
