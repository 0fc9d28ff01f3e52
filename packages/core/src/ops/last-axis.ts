import { sizeOf } from "./shapes";
import type { MatMulOptions, TensorOps } from "./tensor-ops";

/** The rows along a tensor's last axis as a matrix, [places, last]. */
export function rowsOf<T>(ops: TensorOps<T>, x: T): T {
  const shape = ops.shape(x);
  if (shape.length === 2) return x;
  const last = shape.at(-1) as number;
  return ops.reshape(x, [sizeOf(shape) / last, last]);
}

/** A tensor's last axis, or each group of it, by a matrix, at each place of its other axes. */
export function byLastAxis<T>(ops: TensorOps<T>, x: T, matrix: T, options: MatMulOptions = {}): T {
  const shape = ops.shape(x);
  const last = shape.at(-1) as number;
  const [rows, columns] = ops.shape(matrix) as [number, number];
  const [taken, given] = options.transposeB ? [columns, rows] : [rows, columns];
  if (shape.length === 2 && taken === last) return ops.matMul(x, matrix, options);
  const product = ops.matMul(ops.reshape(x, [sizeOf(shape) / taken, taken]), matrix, options);
  return ops.reshape(product, [...shape.slice(0, -1), (last / taken) * given]);
}
