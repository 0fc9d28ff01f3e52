import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";
import { runThrough } from "./initializer";

/**
 * Which feedback weights there are where each unit keeps only some: 1 where there is one, 0 elsewhere.
 *
 * Crafton, Parihar, Gebhardt & Raychowdhury 2019, "Direct feedback alignment with sparse connections for local
 * learning", Frontiers in Neuroscience 13, 525.
 *
 * @param shape of the feedback weights: the last axis counts what sends, the others what receives.
 * @param perUnit how many a row keeps; more than it has are all of them.
 */
export function connectionMask(shape: Shape, perUnit: number, random: Random): Float32Array {
  return runThrough(connectionMaskInStretches(shape, perUnit, random));
}

/** {@link connectionMask}, yielding after each unit. */
export function* connectionMaskInStretches(
  shape: Shape,
  perUnit: number,
  random: Random,
): Generator<void, Float32Array> {
  const sources = shape.at(-1) as number;
  const units = sizeOf(shape) / sources;
  const mask = new Float32Array(units * sources);
  for (let unit = 0; unit < units; unit++) {
    for (const source of random.permutation(sources).subarray(0, perUnit)) {
      mask[unit * sources + source] = 1;
    }
    yield;
  }
  return mask;
}
