import { PNG } from "pngjs";

/** A PNG picture, a byte a channel: grey, or red, green and blue where there are three times as many bytes as pixels. */
export function pngBytes(height: number, width: number, pixels: Uint8Array): Uint8Array {
  const picture = new PNG({ width, height });
  picture.data = Buffer.from(pixels);
  const colorType = pixels.length === height * width ? 0 : 2;
  return PNG.sync.write(picture, { colorType, inputColorType: colorType, inputHasAlpha: false });
}
