import type { MatMulOptions } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/** A matrix, or each of several, turned where it is to be. */
const turned = (x: tf.Tensor, turns = false): tf.Tensor =>
  turns ? tf.transpose(x, x.shape.length === 3 ? [0, 2, 1] : [1, 0]) : x;

/** The matrices of [count, rows, columns]; of a single one, itself so many times. */
function matricesOf(x: tf.Tensor, count: number): tf.Tensor2D[] {
  if (x.shape.length === 2) return Array.from({ length: count }, () => x as tf.Tensor2D);
  const [, rows, columns] = x.shape as [number, number, number];
  // Not by `unstack`, which copies all of them for each.
  const values = x.dataSync();
  const size = rows * columns;
  return Array.from({ length: count }, (_, i) =>
    tf.tensor2d(values.subarray(i * size, (i + 1) * size), [rows, columns]),
  );
}

/**
 * Products pair by pair on the wasm backend, whose kernel for several matrices is many times as slow as that for two: so
 * they are taken one after another. Those of a vector are elementwise, of all at once.
 *
 * @param count how many pairs there are.
 */
export function batchProductsOnWasm(
  a: tf.Tensor,
  b: tf.Tensor,
  { transposeA, transposeB }: MatMulOptions,
  count: number,
): tf.Tensor {
  const [left, right] = [turned(a, transposeA), turned(b, transposeB)];
  const [rows, inner] = left.shape.slice(-2) as [number, number];
  const columns = right.shape.at(-1) as number;
  /** The vectors of a tensor, under another shape. */
  const as = (x: tf.Tensor, shape: readonly [number, number]) =>
    tf.reshape(x, [...x.shape.slice(0, -2), ...shape]);
  if (inner === 1) return tf.mul(left, right);
  if (columns === 1) return tf.sum(tf.mul(left, as(right, [1, inner])), -1, true);
  if (rows === 1) return tf.sum(tf.mul(as(left, [inner, 1]), right), -2, true);
  const others = matricesOf(right, count);
  const products = matricesOf(left, count).map((x, i) => tf.matMul(x, others[i] as tf.Tensor2D));
  return tf.reshape(tf.concat(products, 0), [count, rows, columns]);
}
