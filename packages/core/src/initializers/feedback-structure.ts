import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Random } from "../random/random";
import { runThrough } from "./initializer";

/** What is made of the values drawn for feedback weights before training begins; what is left out is let be. */
export interface FeedbackStructure {
  /** The rank r, where it is below that of a full matrix. */
  readonly rank?: number | undefined;
  /** How many values of each row are not zero; more than a row has are all of them. */
  readonly connections?: number | undefined;
  /** α: the correlation of what they start as with the forward weights they stand for. */
  readonly alignment?: number | undefined;
}

/** What the values are shaped with. */
export interface StructureSources {
  /** The stream of random numbers for one purpose. */
  stream(purpose: "connections" | "rank"): Random;
  /** The forward weights that the feedback weights stand for, of their shape; only where there is an alignment. */
  readonly forward?: ArrayLike<number> | undefined;
}

/**
 * The starting values of feedback weights B from the values N drawn for them, which keep the variance σ² of N.
 *
 * - Rank r: B = U·V / √r with V the first r rows of N and U ~ N(0, 1).
 * - c connections: each row keeps c values, drawn by chance, and has 0 elsewhere.
 * - Both: rows are dealt out to r groups; a group has one row of N and one choice of c connections, and each of its
 *   rows is that times a number from N(0, 1). So B has rank r and c values a row.
 * - Alignment α: B = α·W₀ + √(1 − α²)·N. Where W₀ has the variance of N, α is their correlation, and the angle between
 *   B and W₀ is arccos α.
 *
 * Rank and connections: Crafton, Parihar, Gebhardt & Raychowdhury 2019, "Direct feedback alignment with sparse
 * connections for local learning", Frontiers in Neuroscience 13, 525; both together as in the authors' code. Alignment:
 * Cheon, Bae & Paik 2025, "One-time soft alignment enables resilient learning without weight transport", arXiv
 * 2505.20892; the weights of the mixture are ours, chosen to leave σ as it is.
 *
 * @param drawn N, row-major, of the shape.
 * @param shape of the feedback weights: the last axis counts what sends, the others what receives.
 */
export function structured(
  drawn: Float32Array,
  shape: Shape,
  structure: FeedbackStructure,
  sources: StructureSources,
): Float32Array {
  return runThrough(structuredInStretches(drawn, shape, structure, sources));
}

/** {@link structured}, yielding after each row. */
export function* structuredInStretches(
  drawn: Float32Array,
  shape: Shape,
  { rank, connections, alignment }: FeedbackStructure,
  { stream, forward }: StructureSources,
): Generator<void, Float32Array> {
  const columns = shape.at(-1) as number;
  const rows = sizeOf(shape) / columns;
  const mixed =
    alignment === undefined ? drawn : mixture(drawn, forward as ArrayLike<number>, alignment);
  const low = rank === undefined || rank >= Math.min(rows, columns) ? undefined : rank;
  if (low === undefined)
    return connections === undefined
      ? mixed
      : yield* masked(mixed, columns, connections, stream("connections"));
  return connections === undefined
    ? yield* ofRank(mixed, columns, low, stream("rank"))
    : yield* inGroups(mixed, columns, low, connections, stream);
}

function mixture(noise: Float32Array, forward: ArrayLike<number>, alignment: number): Float32Array {
  const rest = Math.sqrt(1 - alignment ** 2);
  return noise.map((value, i) => alignment * (forward[i] as number) + rest * value);
}

function* masked(
  values: Float32Array,
  columns: number,
  connections: number,
  random: Random,
): Generator<void, Float32Array> {
  const kept = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += columns) {
    for (const column of random.permutation(columns).subarray(0, connections))
      kept[row + column] = values[row + column] as number;
    yield;
  }
  return kept;
}

function* ofRank(
  values: Float32Array,
  columns: number,
  rank: number,
  random: Random,
): Generator<void, Float32Array> {
  const product = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += columns) {
    const factors = Array.from({ length: rank }, () => random.normal() / Math.sqrt(rank));
    for (let column = 0; column < columns; column++)
      product[row + column] = factors.reduce(
        (sum, factor, k) => sum + factor * (values[k * columns + column] as number),
        0,
      );
    yield;
  }
  return product;
}

function* inGroups(
  values: Float32Array,
  columns: number,
  groups: number,
  connections: number,
  stream: StructureSources["stream"],
): Generator<void, Float32Array> {
  const choosing = stream("connections");
  const chosen = Array.from({ length: groups }, () =>
    choosing.permutation(columns).subarray(0, connections),
  );
  const random = stream("rank");
  const product = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += columns) {
    const group = random.below(groups);
    const factor = random.normal();
    for (const column of chosen[group] as Int32Array)
      product[row + column] = factor * (values[group * columns + column] as number);
    yield;
  }
  return product;
}
