import type { LossSpec } from "@bioflax/core";
import { each, logistic, type Matrix, softmaxRow } from "./plain-matrices";
import type { PlainBatch } from "./plain-setup";

/** The loss of a batch, the error at the output y, and the part of that which the target makes up. */
export function outputAndError(loss: LossSpec, y: Matrix, batch: PlainBatch) {
  const { name, labelSmoothing = 0 } = typeof loss === "string" ? { name: loss } : loss;
  const n = y.length;
  const size = y.flat().length;
  const smooth = (even: number) =>
    y.map((row, i) =>
      row.map((_, j) => (j === batch.labels?.[i] ? 1 - labelSmoothing : 0) + labelSmoothing * even),
    );
  switch (name) {
    case "softmaxCrossEntropy": {
      const target = smooth(1 / (y[0] as number[]).length);
      const p = y.map(softmaxRow);
      const losses = each((x, t) => (t === 0 ? 0 : -t * Math.log(x)), p, target);
      return {
        value: losses.flat().reduce((a, b) => a + b, 0) / n,
        error: each((x, t) => (x - t) / n, p, target),
        target: each((t) => -t / n, target),
      };
    }
    case "sigmoidCrossEntropy": {
      const target = smooth(0.5);
      const losses = each(
        (z, t) => -(t * Math.log(logistic(z)) + (1 - t) * Math.log(1 - logistic(z))),
        y,
        target,
      );
      return {
        value: losses.flat().reduce((a, b) => a + b, 0) / size,
        error: each((z, t) => (logistic(z) - t) / size, y, target),
        target: each((t) => -t / size, target),
      };
    }
    case "meanSquaredError": {
      const difference = each((x, t) => x - t, y, batch.values as Matrix);
      return {
        value: difference.flat().reduce((sum, d) => sum + (d * d) / 2, 0) / size,
        error: each((d) => d / size, difference),
        target: [],
      };
    }
  }
}
