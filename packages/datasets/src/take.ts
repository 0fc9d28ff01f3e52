import { BioflaxError } from "@bioflax/core";
import type { Examples, Normalization } from "./dataset";

/** Every value a pixel can have. */
const pixels = new Uint8Array(256).map((_, pixel) => pixel);

/**
 * Gathers the inputs of some rows as float32, normalised on the way.
 *
 * x = (raw · scale − mean) / standardDeviation.
 *
 * @param examples the storage, inputs [count, ...inputShape].
 * @param rows row numbers, [batch].
 * @param normalization how to normalise; when left out, values are only converted.
 * @returns float32 [batch, ...inputShape], a copy.
 * @throws BioflaxError when the storage has no such row.
 */
export function takeInputs(
  examples: Examples,
  rows: Int32Array,
  normalization?: Normalization,
): Float32Array {
  const { inputs, count } = examples;
  checkRows("takeInputs", rows, count);
  const size = inputs.length / count;
  const taken = new Float32Array(rows.length * size);
  if (!(inputs instanceof Uint8Array)) {
    copyRows(inputs, rows, size, taken);
    return normalized(taken, normalization);
  }
  // Only 256 values to normalise: the rest is looking them up.
  const values = normalized(pixels, normalization);
  let to = 0;
  for (const row of rows) {
    for (let from = row * size, end = from + size; from < end; from++, to++) {
      taken[to] = values[inputs[from] as number] as number;
    }
  }
  return taken;
}

/**
 * Gathers the targets of some rows.
 *
 * @param examples the storage, targets [count, ...targetShape].
 * @param rows row numbers, [batch].
 * @returns labels, int32 [batch], or values, float32 [batch, ...targetShape]; a copy.
 * @throws BioflaxError when the storage has no such row.
 */
export function takeTargets(examples: Examples, rows: Int32Array): Int32Array | Float32Array {
  const { targets, count } = examples;
  checkRows("takeTargets", rows, count);
  const size = targets.length / count;
  const length = rows.length * size;
  const taken = targets instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  copyRows(targets, rows, size, taken);
  return taken;
}

/** Normalises each value in float64 and rounds it once, to float32. */
function normalized(raw: Uint8Array | Float32Array, normalization?: Normalization): Float32Array {
  const { scale, mean, standardDeviation } = normalization ?? {
    scale: 1,
    mean: 0,
    standardDeviation: 1,
  };
  const values = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++)
    values[i] = ((raw[i] as number) * scale - mean) / standardDeviation;
  return values;
}

/** Copies rows of `size` values each, one after another. */
function copyRows<A extends Float32Array | Int32Array>(
  from: A,
  rows: Int32Array,
  size: number,
  to: A,
): void {
  for (const [place, row] of rows.entries())
    to.set(from.subarray(row * size, (row + 1) * size), place * size);
}

/** Throws unless every row number is one of the storage's: a typed array would answer a wrong one with NaN or 0. */
function checkRows(who: string, rows: Int32Array, count: number): void {
  for (const row of rows) {
    if (row < 0 || row >= count) {
      throw new BioflaxError(
        `${who}: expected row numbers from 0 to ${count - 1}, received ${row}. ` +
          "Take the rows from a split of these examples.",
      );
    }
  }
}
