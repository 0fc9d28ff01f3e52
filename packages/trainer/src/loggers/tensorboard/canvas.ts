import { png } from "../../report/png";
import { drawText, glyph, textWidth } from "./font";
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
   * Writes a line of text, its middle at `middle`, in the largest of the given sizes in which it is no wider than `room`;
   * in the smallest one, cut off, where it fits in none.
   *
   * @param sizes pixels that a dot of the font is wide, the largest first.
   */
  text(
    text: string,
    {
      middle,
      top,
      room,
      sizes,
      color,
    }: {
      middle: number;
      top: number;
      room: number;
      sizes: readonly [number, ...number[]];
      color: Color;
    },
  ): void {
    const size = sizes.find((dot) => textWidth(text) * dot <= room) ?? Math.min(...sizes);
    const fitting = [...text].slice(0, Math.floor((room / size + 1) / glyph.advance)).join("");
    const left = Math.round(middle - (textWidth(fitting) * size) / 2);
    drawText(fitting, (x, y) => this.square(left + x * size, top + y * size, size, color));
  }

  /** What is on it, as a PNG file. */
  toPicture(): Picture {
    const { width, height } = this;
    return { width, height, png: png(this.#pixels, [height, width, 3]) };
  }
}
