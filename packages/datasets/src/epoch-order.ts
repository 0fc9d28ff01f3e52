import { BioflaxError, Random } from "@bioflax/core";
import type { Split } from "./dataset";

/** Options of {@link epochOrder}. */
export interface EpochOrderOptions {
  /** Seed of the run. */
  readonly seed: number;
  /** Which epoch, counted from 0: each has an order of its own. */
  readonly epoch: number;
  /** Whether to shuffle; true when left out. */
  readonly shuffle?: boolean;
}

/**
 * The order in which an epoch visits the rows of a split.
 *
 * It depends on the seed and the epoch alone, so an interrupted run resumes with the order it would have had.
 *
 * @param split the rows to visit.
 * @returns row numbers into `split.examples`, int32 [rows]; in the split's own order when not shuffled.
 * @throws BioflaxError when the seed is not a whole number from 0.
 */
export function epochOrder(
  split: Split,
  { seed, epoch, shuffle = true }: EpochOrderOptions,
): Int32Array {
  const { indices } = split;
  if (!shuffle) return indices.slice();
  const order = new Random(seed, "shuffle", epoch).permutation(indices.length);
  for (let i = 0; i < order.length; i++) order[i] = indices[order[i] as number] as number;
  return order;
}

/**
 * Cuts an order into batches; the last one is smaller when the batch size does not divide the order.
 *
 * @param order row numbers, int32 [rows].
 * @param batchSize rows in a batch.
 * @returns views into the order, int32 [batchSize] each, never copies.
 * @throws BioflaxError when the batch size is not a whole number from 1.
 */
export function batches(order: Int32Array, batchSize: number): Generator<Int32Array, void> {
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new BioflaxError(
      `batches: expected a batch size that is a whole number from 1, received ${batchSize}.`,
    );
  }
  return cut(order, batchSize);
}

/** Apart from {@link batches}, because a generator would report a wrong size only when first asked for a batch. */
function* cut(order: Int32Array, batchSize: number): Generator<Int32Array, void> {
  for (let start = 0; start < order.length; start += batchSize)
    yield order.subarray(start, start + batchSize);
}
