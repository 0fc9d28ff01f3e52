import { expect } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";

/** Plain float64 matrices, to write formulas in that have nothing of the library in them. */
export type Matrix = number[][];

/** A tensor's values; a vector is one row. */
export function matrix(x: tf.Tensor): Matrix {
  return (x.rank === 2 ? x.arraySync() : [x.arraySync()]) as Matrix;
}

export const times = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
export const flip = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const zip =
  (f: (a: number, b: number) => number) =>
  (a: Matrix, b: Matrix): Matrix =>
    a.map((row, i) => row.map((x, j) => f(x, b[i]![j]!)));
export const minus = zip((a, b) => a - b);
export const plus = zip((a, b) => a + b);
export const hadamard = zip((a, b) => a * b);
export const each =
  (f: (x: number) => number) =>
  (a: Matrix): Matrix =>
    a.map((row) => row.map(f));
/** a + one row. */
export const plusRow = (a: Matrix, [row]: Matrix): Matrix =>
  a.map((values) => values.map((x, j) => x + row![j]!));
/** The sum of the rows, as one row. */
export const sumRows = (a: Matrix): Matrix => [
  flip(a).map((column) => column.reduce((sum, x) => sum + x, 0)),
];

/** The largest difference, relative to the largest magnitude expected. */
function distance(received: Matrix, expected: Matrix): number {
  const scale = Math.max(1e-6, ...expected.flat().map(Math.abs));
  return Math.max(
    ...minus(received, expected)
      .flat()
      .map((x) => (Number.isNaN(x) ? Number.POSITIVE_INFINITY : Math.abs(x) / scale)),
  );
}

/** Expects a tensor to hold a matrix, to float32 accuracy. */
export function expectClose(received: tf.Tensor | Matrix, expected: Matrix): void {
  const values = received instanceof tf.Tensor ? matrix(received) : received;
  expect([values.length, values[0]!.length]).toEqual([expected.length, expected[0]!.length]);
  expect(distance(values, expected)).toBeLessThan(5e-6);
}
