import { runYielding } from "../../base/yielding";

/** As many buckets as TensorBoard's own writers make. */
const BUCKETS = 30;

/**
 * Counts values in buckets of equal width between the smallest and the largest of them.
 *
 * Each bucket holds its left edge and not its right one, but for the last, which holds both. Where all values are the
 * same, the edges are too, and the last bucket has them all. What is not finite is left out.
 *
 * @param values any number of them; other work is let in meanwhile, for a layer may have hundreds of millions.
 * @returns [30, 3], row by row: the left edge, the right edge and the count of each bucket; zeros where there is
 *   nothing to count.
 */
export function histogram(values: Float32Array): Promise<Float64Array> {
  return runYielding(counting(values), undefined);
}

/** How many values are looked at in a stretch: some milliseconds' worth. */
export const STRETCH = 2 ** 18;

function* counting(values: Float32Array): Generator<void, Float64Array> {
  const rows = new Float64Array(BUCKETS * 3);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let from = 0; from < values.length; from += STRETCH) {
    for (const value of values.subarray(from, from + STRETCH)) {
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    yield;
  }
  if (min > max) return rows;
  const width = (max - min) / BUCKETS;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    rows[bucket * 3] = min + bucket * width;
    rows[bucket * 3 + 1] = bucket === BUCKETS - 1 ? max : min + (bucket + 1) * width;
  }
  for (let from = 0; from < values.length; from += STRETCH) {
    for (const value of values.subarray(from, from + STRETCH)) {
      if (!Number.isFinite(value)) continue;
      const bucket = width === 0 ? BUCKETS : Math.floor((value - min) / width);
      const count = Math.min(bucket, BUCKETS - 1) * 3 + 2;
      rows[count] = (rows[count] as number) + 1;
    }
    yield;
  }
  return rows;
}
