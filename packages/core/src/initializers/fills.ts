import type { Initializer } from "./initializer";

/** Every element the same value. */
export function constant({ value = 0 }: { readonly value?: number } = {}): Initializer {
  return () => ({ stddev: 0, draw: () => value });
}

/** Every element drawn from U[−scale, scale). bioflax's `uniform`. */
export function uniform({ scale = 0.05 }: { readonly scale?: number } = {}): Initializer {
  return () => ({
    stddev: Math.abs(scale) / Math.sqrt(3),
    draw: (random) => scale * (2 * random.uniform() - 1),
  });
}

/** Every element drawn from N(mean, stddev²). */
export function normal({
  mean = 0,
  stddev = 0.05,
}: {
  readonly mean?: number;
  readonly stddev?: number;
} = {}): Initializer {
  return () => ({
    stddev: Math.abs(stddev),
    draw: (random) => mean + stddev * random.normal(),
  });
}
