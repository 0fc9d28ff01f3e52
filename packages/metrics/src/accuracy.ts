import type { TensorOps } from "@bioflax/core";

/**
 * How many of a batch are classified right.
 *
 * @param output class scores, [batch, classes]; the largest wins, the first of equals.
 * @param labels int32 [batch].
 * @returns a float scalar from 0 to batch.
 */
export function countCorrect<T>(ops: TensorOps<T>, output: T, labels: T): T {
  return ops.sum(ops.where(ops.equal(ops.argMax(output), labels), 1, 0));
}

/** The share of a batch that is classified right: {@link countCorrect} / batch, a scalar. */
export function accuracy<T>(ops: TensorOps<T>, output: T, labels: T): T {
  return ops.div(countCorrect(ops, output, labels), ops.shape(labels)[0] as number);
}
