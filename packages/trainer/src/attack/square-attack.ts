import { BioflaxError, Random } from "@bioflax/core";
import type { NormName } from "./norms";
import { flatSquares, roundSquares, type SquareMoves } from "./squares";
import { type AttackTarget, clip, everyOne, marginOf } from "./target";

/** How a network is searched by its outputs alone. */
export interface SquareSearch {
  readonly norm: NormName;
  /** How far an example may be moved. */
  readonly eps: number;
  /** How many outputs of an example may be asked for, at least one. */
  readonly queries: number;
  /** The shape of an example, [height, width, channels]. */
  readonly image: readonly [number, number, number];
  readonly seed: number;
  /** The number of the first example, by which its random numbers are known however examples are cut. */
  readonly first: number;
}

/** The share of an image's pixels that the first squares change. */
const SHARE = 0.8;
/** After how many of 10,000 queries that share is halved, each time. */
const HALVINGS = [10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000];

/** The share of an image that the square of a query changes. */
function shareAt(query: number, queries: number): number {
  const scaled = (query / queries) * 10_000;
  return SHARE / 2 ** HALVINGS.filter((from) => scaled > from).length;
}

const moves: Readonly<Record<NormName, SquareMoves>> = { linf: flatSquares, l2: roundSquares };

/**
 * Adversarial examples by random search: a square of the image is changed, and the change is kept where it brings the
 * right class less ahead of the others. It asks for outputs alone, so that no gradient that vanishes can hide from it.
 *
 * Andriushchenko, Croce, Flammarion & Hein 2020, "Square Attack: a query-efficient black-box adversarial attack via
 * random search", ECCV, algorithms 1 to 3.
 *
 * @returns an example for each, the one with the least margin.
 */
export async function searchSquares(
  target: AttackTarget,
  { norm, eps, queries, image, seed, first }: SquareSearch,
): Promise<Float32Array> {
  const { originals, labels, size, bounds, threshold } = target;
  const { begin, change } = moves[norm];
  const part = (x: Float32Array, i: number) => x.subarray(i * size, (i + 1) * size);
  const randoms = Array.from(labels, (_, i) => new Random(seed, "square", first + i));
  const marginsOf = async (x: Float32Array, which: Int32Array) => {
    const outputs = await target.outputs(x, which);
    const each = outputs.length / which.length;
    return Array.from(which, (i, at) =>
      marginOf(outputs.subarray(at * each, (at + 1) * each), labels[i] as number, threshold),
    );
  };
  const best = originals.slice();
  randoms.forEach((random, i) => begin({ x: part(best, i), eps, image, random }));
  clip(best, bounds);
  const margins = await marginsOf(best, everyOne(target));
  let active = everyOne(target);
  for (let query = 1; query < queries; query++) {
    active = stillRight(active, margins);
    if (!active.some((i) => (margins[i] as number) > 0)) break;
    const tried = new Float32Array(active.length * size);
    active.forEach((i, at) => {
      const x = part(tried, at);
      x.set(part(best, i));
      const random = randoms[i] as Random;
      change({
        x,
        original: part(originals, i),
        eps,
        image,
        random,
        share: shareAt(query, queries),
      });
    });
    clip(tried, bounds);
    for (const [at, margin] of (await marginsOf(tried, active)).entries()) {
      const i = active[at] as number;
      if (margin >= (margins[i] as number)) continue;
      margins[i] = margin;
      part(best, i).set(part(tried, at));
    }
  }
  return best;
}

/**
 * The examples to go on with: those that are not misled yet, and of the others as many as it takes for a number that is
 * a half, a quarter … of all, as every other number of examples needs a program of its own.
 */
function stillRight(active: Int32Array, margins: readonly number[]): Int32Array {
  const isRight = (i: number) => (margins[i] as number) > 0;
  const left = active.filter(isRight);
  let room = active.length;
  while (room > 1 && Math.ceil(room / 2) >= left.length) room = Math.ceil(room / 2);
  if (room === active.length) return active;
  const others = active.filter((i) => !isRight(i)).subarray(0, room - left.length);
  return Int32Array.of(...left, ...others);
}

/** @throws BioflaxError for examples that are no images. */
export function imageOf(
  shape: readonly number[] | undefined,
  dataset: string,
): SquareSearch["image"] {
  if (shape?.length === 3) return shape as unknown as SquareSearch["image"];
  throw new BioflaxError(
    `--method square: expected a data set of images, in which to change squares, received ${dataset}. Use fgsm or pgd.`,
  );
}
