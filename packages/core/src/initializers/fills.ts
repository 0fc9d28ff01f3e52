import { fill, type Initializer } from "./initializer";

/** Every element the same value. */
export function constant({ value = 0 }: { readonly value?: number } = {}): Initializer {
  return (shape) => fill(shape, () => value);
}

/** Every element drawn from U[−scale, scale). bioflax's `uniform`. */
export function uniform({ scale = 0.05 }: { readonly scale?: number } = {}): Initializer {
  return (shape, random) => fill(shape, () => scale * (2 * random.uniform() - 1));
}

/** Every element drawn from N(mean, stddev²). */
export function normal({
  mean = 0,
  stddev = 0.05,
}: {
  readonly mean?: number;
  readonly stddev?: number;
} = {}): Initializer {
  return (shape, random) => fill(shape, () => mean + stddev * random.normal());
}
