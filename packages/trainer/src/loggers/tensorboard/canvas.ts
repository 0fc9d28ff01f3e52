import type { ImageShape } from "@bioflax/datasets";
import { png } from "../../base/png";
import { drawText, textWidth } from "./font";
import type { Picture } from "./summaries";

/** Red, green and blue, from 0 to 255. */
export type Color = readonly [number, number, number];

/** A rectangle of pixels, white at first. */
export class Canvas {
  readonly #pixels: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#pixels = new Uint8Array(width * height * 3).fill(255);
  }

  /** Fills a square of `size` pixels; what lies outside the canvas is left out. */
  square(left: number, top: number, size: number, color: Color): void {
    for (let y = Math.max(0, top); y < Math.min(this.height, top + size); y++)
      for (let x = Math.max(0, left); x < Math.min(this.width, left + size); x++)
        this.#pixels.set(color, (y * this.width + x) * 3);
  }

  /**
   * Draws an image, each of its pixels as a square.
   *
   * @param pixels a byte a channel, row by row.
   * @param imageShape [height, width, channels]: one channel for grey, three for red, green and blue.
   * @param at where its upper left corner is, and the side of a square.
   */
  image(
    pixels: Uint8Array,
    [height, width, channels]: ImageShape,
    at: { left: number; top: number; scale: number },
  ): void {
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const channel = (index: number) =>
          pixels[(y * width + x) * channels + (index % channels)] as number;
        const color = [channel(0), channel(1), channel(2)] as const;
        this.square(at.left + x * at.scale, at.top + y * at.scale, at.scale, color);
      }
  }

  /**
   * Writes a line of text.
   *
   * @param at where the middle of it and its top are, and pixels that a dot of the font is wide.
   */
  text(text: string, at: { middle: number; top: number; dot: number }, color: Color): void {
    const left = Math.round(at.middle - (textWidth(text) * at.dot) / 2);
    drawText(text, (x, y) => this.square(left + x * at.dot, at.top + y * at.dot, at.dot, color));
  }

  /** What is on it, as a PNG file. */
  toPicture(): Picture {
    const { width, height } = this;
    return { width, height, png: png(this.#pixels, [height, width, 3]) };
  }
}
