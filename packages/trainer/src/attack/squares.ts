import type { Random } from "@bioflax/core";

/** An image that is changed in place, [height, width, channels], row-major. */
interface Changed {
  readonly x: Float32Array;
  /** How far it may be from the original. */
  readonly eps: number;
  readonly image: readonly [height: number, width: number, channels: number];
  readonly random: Random;
}

/** What a search by squares does under a norm. */
export interface SquareMoves {
  /** Moves an image to where its search begins. */
  begin(changed: Changed): void;
  /** Changes about a share of its pixels, within ε of the original. */
  change(changed: Changed & { readonly original: Float32Array; readonly share: number }): void;
}

/** A square window of an image. */
interface Square {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

const signOf = (random: Random) => (random.uniform() < 0.5 ? -1 : 1);

/** The side of a square that covers a share of an image, as long as it fits into it. */
function sideOf(share: number, [height, width]: Changed["image"], least: number): number {
  const side = Math.max(Math.round(Math.sqrt(share * height * width)), least);
  return Math.min(side, height, width);
}

const drawSquare = ([height, width]: Changed["image"], side: number, random: Random): Square => ({
  row: random.below(height - side + 1),
  column: random.below(width - side + 1),
  side,
});

/** Every pixel of a square: its number in the image, and its row and column within the square. */
function* pixelsOf({ row, column, side }: Square, [, width]: Changed["image"]) {
  for (let r = 0; r < side; r++)
    for (let c = 0; c < side; c++) yield { at: (row + r) * width + column + c, r, c };
}

/** L∞: stripes of ±ε a pixel wide to begin with, then squares of ±ε, a sign for each channel. */
export const flatSquares: SquareMoves = {
  begin({ x, eps, image: [height, width, channels], random }) {
    for (let column = 0; column < width; column++)
      for (let channel = 0; channel < channels; channel++) {
        const by = eps * signOf(random);
        for (let row = 0; row < height; row++) {
          const i = (row * width + column) * channels + channel;
          x[i] = (x[i] as number) + by;
        }
      }
  },
  change({ x, original, eps, image, random, share }) {
    const [, , channels] = image;
    const square = drawSquare(image, sideOf(share, image, 1), random);
    const signs = Array.from({ length: channels }, () => signOf(random));
    for (const { at } of pixelsOf(square, image))
      signs.forEach((sign, channel) => {
        const i = at * channels + channel;
        // A move of 2ε, and back to within ε: the far end, wherever it was.
        x[i] = (original[i] as number) + sign * eps;
      });
  },
};

/**
 * A bump of length 1, [side, side]: rectangles around the middle, of weights 1, 1/4, 1/9 …, positive in one half and
 * negative in the other; lying or standing.
 */
function bump(side: number, random: Random): (r: number, c: number) => number {
  const half = Math.floor(side / 2);
  const ofHalf = (rows: number) => {
    const [middleRow, middleColumn] = [Math.floor(rows / 2), Math.floor(side / 2)];
    const rings = Math.max(middleRow, middleColumn) + 1;
    const values = Array.from({ length: rows * side }, (_, i) => {
      const away = Math.max(
        Math.abs(Math.floor(i / side) - middleRow),
        Math.abs((i % side) - middleColumn),
      );
      let value = 0;
      for (let ring = away; ring < rings; ring++) value += 1 / (ring + 1) ** 2;
      return value;
    });
    return scaledTo(values, 1);
  };
  const whole = scaledTo([...ofHalf(half), ...ofHalf(side - half).map((value) => -value)], 1);
  const isStanding = random.uniform() < 0.5;
  return (r, c) => whole[isStanding ? c * side + r : r * side + c] as number;
}

/** Numbers of a given Euclidean length in the same direction; zeros stay. */
function scaledTo<Numbers extends number[] | Float32Array>(
  values: Numbers,
  length: number,
): Numbers {
  const own = Math.sqrt((values as number[]).reduce((sum, value) => sum + value * value, 0));
  const factor = own === 0 ? 0 : length / own;
  return (values as number[]).map((value) => value * factor) as Numbers;
}

/** The sum of squares of some pixels of one channel, or of all. */
function energyOf(
  delta: Float32Array,
  pixels: Iterable<number>,
  channels: number,
  channel?: number,
): number {
  let sum = 0;
  for (const at of pixels)
    for (let own = 0; own < channels; own++)
      if (channel === undefined || own === channel)
        sum += (delta[at * channels + own] as number) ** 2;
  return sum;
}

/** L2: bumps all over the image to begin with; then what one square spends is moved into another. */
export const roundSquares: SquareMoves = {
  begin({ x, eps, image, random }) {
    const [height, width, channels] = image;
    const side = Math.max(1, Math.floor(Math.min(height, width) / 5));
    const delta = new Float32Array(x.length);
    for (let row = 0; row + side <= height; row += side)
      for (let column = 0; column + side <= width; column += side) {
        const shape = bump(side, random);
        const signs = Array.from({ length: channels }, () => signOf(random));
        for (const { at, r, c } of pixelsOf({ row, column, side }, image))
          signs.forEach((sign, channel) => {
            delta[at * channels + channel] = sign * shape(r, c);
          });
      }
    add(x, scaledTo(delta, eps));
  },
  change({ x, original, eps, image, random, share }) {
    const [, , channels] = image;
    const side = sideOf(share, image, 3);
    const [into, from] = [drawSquare(image, side, random), drawSquare(image, side, random)];
    const delta = x.map((value, i) => value - (original[i] as number));
    const inside = [...pixelsOf(into, image)];
    const places = inside.map(({ at }) => at);
    const taken = [...pixelsOf(from, image)].map(({ at }) => at);
    const spent = energyOf(delta, new Set([...places, ...taken]), channels);
    const all = scaledLength(delta);
    const shape = bump(side, random);
    // What is left of ε, shared among the channels, and what the two squares have.
    const length = Math.sqrt(Math.max(eps ** 2 - all ** 2, 0) / channels + spent / channels);
    const fresh = Array.from({ length: channels }, (_, channel) => {
      const sign = signOf(random);
      const before = Math.sqrt(energyOf(delta, places, channels, channel));
      const values = inside.map(({ at, r, c }) => {
        const old = before === 0 ? 0 : (delta[at * channels + channel] as number) / before;
        return sign * shape(r, c) + old;
      });
      return scaledTo(values, length);
    });
    for (const at of taken) delta.fill(0, at * channels, (at + 1) * channels);
    places.forEach((at, i) => {
      fresh.forEach((values, channel) => {
        delta[at * channels + channel] = values[i] as number;
      });
    });
    const within = scaledTo(delta, eps);
    x.set(original);
    add(x, within);
  },
};

const scaledLength = (delta: Float32Array) =>
  Math.sqrt(delta.reduce((sum, value) => sum + value * value, 0));

function add(x: Float32Array, delta: Float32Array): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) + (delta[i] as number);
}
