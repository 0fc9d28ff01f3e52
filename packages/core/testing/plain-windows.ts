import type { Pooling2dSpec } from "@bioflax/core";
import type { Matrix } from "./plain-matrices";

/**
 * Windows moved over images, for the plain reference; an image is a row of numbers, [height, width, channels]
 * row-major.
 */

type Pair = readonly [number, number];

/** What a convolution and a pooling say of their windows. */
export interface WindowSpec {
  readonly size: number | Pair;
  readonly strides: number | Pair;
  readonly padding?: "same" | "valid" | undefined;
  readonly dilationRate?: number | Pair | undefined;
}

/** Where the windows of an image lie. */
export interface Windows {
  readonly rows: number;
  readonly columns: number;
  /** For each place, the pixels its window sees, row by row, as y·width + x; −1 for what lies outside. */
  readonly pixels: readonly (readonly number[])[];
}

const list = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index));

const pair = (value: number | Pair): Pair => (typeof value === "number" ? [value, value] : value);

/** Along one axis: for each place the coordinates of its window, below 0 or beyond the extent where it hangs over. */
function along(
  extent: number,
  size: number,
  stride: number,
  dilation: number,
  padding: "same" | "valid",
): number[][] {
  const span = (size - 1) * dilation + 1;
  const count =
    padding === "same" ? Math.ceil(extent / stride) : Math.floor((extent - span) / stride) + 1;
  const missing = Math.max(0, (count - 1) * stride + span - extent);
  const before = Math.floor(missing / 2);
  return list(count, (place) => list(size, (tap) => place * stride - before + tap * dilation));
}

export function windowsOf(
  [height, width]: readonly number[],
  { size, strides, padding = "valid", dilationRate = 1 }: WindowSpec,
): Windows {
  const [h, w] = [height as number, width as number];
  const ys = along(h, pair(size)[0], pair(strides)[0], pair(dilationRate)[0], padding);
  const xs = along(w, pair(size)[1], pair(strides)[1], pair(dilationRate)[1], padding);
  const pixel = (y: number, x: number) => (y >= 0 && y < h && x >= 0 && x < w ? y * w + x : -1);
  const pixels = ys.flatMap((rows) =>
    xs.map((columns) => rows.flatMap((y) => columns.map((x) => pixel(y, x)))),
  );
  return { rows: ys.length, columns: xs.length, pixels };
}

/**
 * The windows that a transposed convolution looks back through: for each place of its output, and each tap of its
 * kernel, the pixel of its input that puts that tap there, if one does.
 */
export function turnedWindowsOf(
  [height, width]: readonly number[],
  { size, strides, padding = "valid" }: WindowSpec,
): Windows {
  /** For each place of the output the input's coordinates by tap; −1 where none puts it there. */
  const back = (extent: number, axis: 0 | 1): number[][] => {
    const [taps, stride] = [pair(size)[axis], pair(strides)[axis]];
    const places = extent * stride + (padding === "same" ? 0 : Math.max(0, taps - stride));
    const missing = padding === "same" ? Math.max(0, (extent - 1) * stride + taps - places) : 0;
    const before = Math.floor(missing / 2);
    return list(places, (place) =>
      list(taps, (tap) => {
        const from = place + before - tap;
        return from >= 0 && from % stride === 0 && from / stride < extent ? from / stride : -1;
      }),
    );
  };
  const [ys, xs] = [back(height as number, 0), back(width as number, 1)];
  const pixels = ys.flatMap((rows) =>
    xs.map((columns) =>
      rows.flatMap((y) => columns.map((x) => (y < 0 || x < 0 ? -1 : y * (width as number) + x))),
    ),
  );
  return { rows: ys.length, columns: xs.length, pixels };
}

/**
 * What each window of each image sees, [images·places, taps·channels], zeros outside: a kernel's matrix goes on its
 * right.
 */
export const patches = (images: Matrix, { pixels }: Windows, channels: number): Matrix =>
  images.flatMap((image) =>
    pixels.map((window) =>
      window.flatMap((pixel) =>
        list(channels, (c) => (pixel < 0 ? 0 : (image[pixel * channels + c] as number))),
      ),
    ),
  );

/** The other way: every element of {@link patches} is added where it was seen. */
export function unpatched(
  seen: Matrix,
  { pixels }: Windows,
  channels: number,
  size: number,
): Matrix {
  return list(seen.length / pixels.length, (n) => {
    const image: number[] = new Array(size).fill(0);
    pixels.forEach((window, place) =>
      window.forEach((pixel, tap) => {
        if (pixel < 0) return;
        for (let c = 0; c < channels; c++)
          image[pixel * channels + c]! += seen[n * pixels.length + place]![tap * channels + c]!;
      }),
    );
    return image;
  });
}

type Pool = Pooling2dSpec["type"];

/**
 * How much of each of a window's values goes into what the pooling says of it: all of the first largest, or equal
 * parts.
 */
function shares(type: Pool, values: readonly number[]): number[] {
  const first = values.indexOf(Math.max(...values));
  return values.map((_, i) =>
    type === "averagePooling2d" ? 1 / values.length : Number(i === first),
  );
}

/** Visits every window of an image and channel with the elements that lie inside, as indices into the image. */
function eachWindow(
  { pixels }: Windows,
  channels: number,
  visit: (elements: number[], place: number) => void,
): void {
  pixels.forEach((window, place) => {
    const inside = window.filter((pixel) => pixel >= 0);
    for (let c = 0; c < channels; c++)
      visit(
        inside.map((pixel) => pixel * channels + c),
        place * channels + c,
      );
  });
}

export const pooled = (type: Pool, images: Matrix, windows: Windows, channels: number): Matrix =>
  images.map((image) => {
    const seen: number[] = [];
    eachWindow(windows, channels, (elements, place) => {
      const values = elements.map((element) => image[element] as number);
      const parts = shares(type, values);
      seen[place] = values.reduce((sum, value, i) => sum + value * (parts[i] as number), 0);
    });
    return seen;
  });

/** The error at the images, given that at what the pooling made of them. */
export const unpooled = (
  type: Pool,
  images: Matrix,
  delta: Matrix,
  windows: Windows,
  channels: number,
): Matrix =>
  images.map((image, n) => {
    const error = image.map(() => 0);
    eachWindow(windows, channels, (elements, place) => {
      const parts = shares(
        type,
        elements.map((element) => image[element] as number),
      );
      elements.forEach((element, i) => {
        error[element]! += (parts[i] as number) * (delta[n] as number[])[place]!;
      });
    });
    return error;
  });
