import { BioflaxError, Random } from "@bioflax/core";
import type { Split } from "./dataset";

/** @throws BioflaxError unless it is a part that can be set aside. */
export function checkFraction(fraction: number): void {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new BioflaxError(
      `Validation split: expected a validation fraction from 0 up to, but not including, 1, received ${fraction}. ` +
        "Use 0.1 to set a tenth of the training set aside, or 0 for none.",
    );
  }
}

/**
 * Sets a random part of a split aside for validation.
 *
 * The training part keeps ⌊n · (1 − fraction)⌋ rows, the validation part the rest. Both keep the order of the
 * split, and the rows themselves stay where they are.
 *
 * @param split what to divide, n rows.
 * @param fraction the part set aside, from [0, 1); 0 sets nothing aside.
 * @param seed decides which rows are set aside.
 * @returns the two parts; `validation` is missing when nothing was set aside.
 * @throws BioflaxError when the fraction is outside [0, 1) or would leave nothing to train on.
 */
export function splitValidation(
  split: Split,
  fraction: number,
  seed: number,
): { train: Split; validation?: Split } {
  checkFraction(fraction);
  const rows = split.indices.length;
  // The millionth takes up the rounding of 1 − fraction: 60000 · (1 − 0.9) is 5999.999… in float64.
  const trainRows = Math.floor(rows * (1 - fraction) + 1e-6);
  if (trainRows === rows) return { train: split };
  if (trainRows === 0) {
    throw new BioflaxError(
      `Validation split: a validation fraction of ${fraction} leaves none of ${rows} examples to train on. ` +
        "Use a smaller fraction or more examples.",
    );
  }
  const positions = new Random(seed, "validation").permutation(rows);
  const part = (from: number, to: number): Split => ({
    examples: split.examples,
    indices: positions
      .slice(from, to)
      .sort()
      .map((position) => split.indices[position] as number),
  });
  return { train: part(0, trainRows), validation: part(trainRows, rows) };
}
