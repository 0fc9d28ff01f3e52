import type { Random } from "@bioflax/core";

/**
 * A way to measure how far an example is moved, and to move it within a distance. Arrays hold examples one after
 * another, `size` numbers each, and are changed in place.
 */
export interface Norm {
  readonly name: string;
  /** Distances an image with pixels from 0 to 1 is attacked within where none are given. */
  readonly eps: readonly number[];
  /** Moves each example by `step` along what the norm takes for the direction of its gradient. */
  move(x: Float32Array, gradients: Float32Array, step: number, size: number): void;
  /** Brings each example back to within `eps` of its original. */
  project(x: Float32Array, originals: Float32Array, eps: number, size: number): void;
  /** Moves one example to a place drawn uniformly from all within `eps`. */
  scatter(example: Float32Array, eps: number, random: Random): void;
}

/** The Euclidean length of each example. */
export function lengths(x: Float32Array, size: number): Float64Array {
  return Float64Array.from({ length: x.length / size }, (_, example) => {
    let sum = 0;
    for (let i = example * size; i < (example + 1) * size; i++) sum += (x[i] as number) ** 2;
    return Math.sqrt(sum);
  });
}

/** How far each number is from the original's. */
const differences = (x: Float32Array, originals: Float32Array) =>
  x.map((value, i) => value - (originals[i] as number));

const linf: Norm = {
  name: "linf",
  eps: [0, 0.05, 0.1, 0.2, 0.3],
  move(x, gradients, step) {
    for (let i = 0; i < x.length; i++)
      x[i] = (x[i] as number) + step * Math.sign(gradients[i] as number);
  },
  project(x, originals, eps) {
    for (let i = 0; i < x.length; i++) {
      const original = originals[i] as number;
      x[i] = Math.min(Math.max(x[i] as number, original - eps), original + eps);
    }
  },
  scatter(example, eps, random) {
    for (let i = 0; i < example.length; i++)
      example[i] = (example[i] as number) + eps * (2 * random.uniform() - 1);
  },
};

const l2: Norm = {
  name: "l2",
  eps: [0, 0.5, 1, 2, 3],
  move(x, gradients, step, size) {
    const long = lengths(gradients, size);
    for (let i = 0; i < x.length; i++) {
      const length = long[Math.floor(i / size)] as number;
      if (length > 0) x[i] = (x[i] as number) + (step * (gradients[i] as number)) / length;
    }
  },
  project(x, originals, eps, size) {
    const moved = differences(x, originals);
    const long = lengths(moved, size);
    for (let i = 0; i < x.length; i++) {
      const length = long[Math.floor(i / size)] as number;
      if (length > eps) x[i] = (originals[i] as number) + ((moved[i] as number) * eps) / length;
    }
  },
  scatter(example, eps, random) {
    const direction = example.map(() => random.normal());
    const [length] = lengths(direction, direction.length) as unknown as [number];
    // The volume within a radius r grows with r to the power of the dimension.
    const radius = eps * random.uniform() ** (1 / example.length);
    for (let i = 0; i < example.length; i++)
      example[i] = (example[i] as number) + (radius * (direction[i] as number)) / length;
  },
};

/** The norms by which attacks are bounded: L∞, the largest change of a number, and L2, the Euclidean length of all. */
export const norms = { linf, l2 } as const;

/** What a norm is called. */
export type NormName = keyof typeof norms;
