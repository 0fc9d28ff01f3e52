import type { LossSpec } from "@bioflax/core";
import { each, logistic, type Matrix, softmaxRow } from "./plain-matrices";
import { ownLoss } from "./plain-own";
import type { PlainBatch } from "./plain-setup";

/** Each row times its example's weight. */
export const weighted = (rows: Matrix, weights: readonly number[] | undefined): Matrix =>
  rows.map((row, i) => row.map((x) => x * (weights?.[i] ?? 1)));

/**
 * What the outputs are to be: the rows that are given; of class numbers one-hot, and of one output under a sigmoid
 * themselves.
 */
function rowsOf(y: Matrix, { labels, values }: PlainBatch, loss: string): Matrix {
  if (values !== undefined) return values;
  return y.map((row, i) => {
    const label = labels?.[i] as number;
    if (loss === "sigmoidCrossEntropy" && row.length === 1) return [label];
    return row.map((_, j) => (j === label ? 1 : 0));
  });
}

/**
 * The loss of a batch, the error at the output y, the part of that which the target makes up, and what each example's
 * own error is taken to have been before it has had one.
 */
export function outputAndError(loss: LossSpec, y: Matrix, batch: PlainBatch) {
  const { value, error, target, first } = unweighted(loss, y, batch);
  return {
    value: weighted(value, batch.weights)
      .flat()
      .reduce((a, b) => a + b, 0),
    error: weighted(error, batch.weights),
    target: weighted(target, batch.weights),
    first: weighted(first, batch.weights),
  };
}

/** The same where examples are not weighted: of the value, what each output adds. */
function unweighted(loss: LossSpec, y: Matrix, batch: PlainBatch) {
  const { name, labelSmoothing = 0 } = typeof loss === "string" ? { name: loss } : loss;
  const n = y.length;
  const size = y.flat().length;
  const smooth = (even: number) =>
    rowsOf(y, batch, name).map((row) =>
      row.map((t) => (1 - labelSmoothing) * t + labelSmoothing * even),
    );
  switch (name) {
    case "softmaxCrossEntropy": {
      const target = smooth(1 / (y[0] as number[]).length);
      const p = y.map(softmaxRow);
      return {
        value: each((x, t) => (t === 0 ? 0 : (-t * Math.log(x)) / n), p, target),
        error: each((x, t) => (x - t) / n, p, target),
        target: each((t) => -t / n, target),
        first: each((t) => -t, target),
      };
    }
    case "sigmoidCrossEntropy": {
      const target = smooth(0.5);
      return {
        value: each(
          (z, t) => -(t * Math.log(logistic(z)) + (1 - t) * Math.log(1 - logistic(z))) / size,
          y,
          target,
        ),
        error: each((z, t) => (logistic(z) - t) / size, y, target),
        target: each((t) => -t / n, target),
        first: each((t) => (-t * n) / size, target),
      };
    }
    case "meanSquaredError": {
      const difference = each((x, t) => x - t, y, batch.values as Matrix);
      return {
        value: each((d) => (d * d) / 2 / size, difference),
        error: each((d) => d / size, difference),
        target: [],
        first: each((t) => (-t * n) / size, batch.values as Matrix),
      };
    }
    default:
      return ownLoss(loss, y, batch);
  }
}
