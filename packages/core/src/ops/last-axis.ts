import { sizeOf } from "./shapes";
import type { MatMulOptions, TensorOps } from "./tensor-ops";

/** The rows along a tensor's last axis as a matrix, [places, last]. */
export function rowsOf<T>(ops: TensorOps<T>, x: T): T {
  const shape = ops.shape(x);
  if (shape.length === 2) return x;
  const last = shape.at(-1) as number;
  return ops.reshape(x, [sizeOf(shape) / last, last]);
}

/** A tensor's last axis by a matrix, at each place of its other axes. */
export function byLastAxis<T>(ops: TensorOps<T>, x: T, matrix: T, options?: MatMulOptions): T {
  const shape = ops.shape(x);
  const product = ops.matMul(rowsOf(ops, x), matrix, options);
  if (shape.length === 2) return product;
  return ops.reshape(product, [...shape.slice(0, -1), ops.shape(product)[1] as number]);
}
