import type { TensorOps } from "./tensor-ops";

/** 1 everywhere in a tensor's shape, whatever is in it: not even NaN is larger than itself. */
export const onesLike = <T>(ops: TensorOps<T>, x: T): T => ops.where(ops.greater(x, x), 0, 1);

/** 0 everywhere in a tensor's shape, whatever is in it. */
export const zerosLike = <T>(ops: TensorOps<T>, x: T): T => ops.where(ops.greater(x, x), 1, 0);

/**
 * A square matrix, [1, n, n], with 1 above the diagonal and 0 elsewhere.
 *
 * It is one row of zeros, ones and zeros over and over, cut into rows that are one shorter, so that each begins one
 * later.
 *
 * @param one any tensor of a single element, [1, 1].
 * @param n at least 2.
 */
export function aboveDiagonal<T>(ops: TensorOps<T>, one: T, n: number): T {
  const ones = ops.broadcastTo(onesLike(ops, one), [n, n - 1]);
  const rows = ops.pad(ones, [
    [0, 0],
    [1, n],
  ]);
  const inOne = ops.reshape(rows, [2 * n * n]);
  const shorter = ops.reshape(ops.slice(inOne, [0], [n * (2 * n - 1)]), [n, 2 * n - 1]);
  return ops.reshape(ops.slice(shorter, [0, 0], [n, n]), [1, n, n]);
}
