import type { Loss, TensorOps } from "@bioflax/core";

/** Whether values are not NaN, which alone is not equal to itself. */
const isNumber = <T>(ops: TensorOps<T>, x: T): T => ops.equal(x, x);

/**
 * How many of a batch are classified right.
 *
 * @param output class scores, [batch, classes]; the largest wins, the first of equals. Scores among which one is NaN
 *   are of no class: which of them is the largest, backends tell differently.
 * @param labels int32 [batch].
 * @returns a float scalar from 0 to batch.
 */
export function countCorrect<T>(ops: TensorOps<T>, output: T, labels: T): T {
  const right = ops.where(ops.equal(ops.argMax(output), labels), 1, 0);
  return ops.sum(ops.where(isNumber(ops, ops.sum(output, [1])), right, 0));
}

/** The share of a batch that is classified right: {@link countCorrect} / batch, a scalar. */
export function accuracy<T>(ops: TensorOps<T>, output: T, labels: T): T {
  return ops.div(countCorrect(ops, output, labels), ops.shape(labels)[0] as number);
}

/**
 * How much of a batch is right by each measure of accuracy there is, by name:
 *
 * | name | counted for each example | where |
 * |---|---|---|
 * | `accuracy` | 1 where the largest output is that of the class, or of the most probable class | one class an example |
 * | `accuracy` | the share of outputs on the right side of the loss's `threshold`, which is a probability of ½ | each output tells a label of its own; with one output, the two classes 0 and 1 |
 * | `exactMatch` | 1 where all of them are | the same, with several outputs |
 *
 * None for a loss of values. An output that is NaN is wrong, whatever the target.
 *
 * @param output [batch, outputs], before the loss's softmax or sigmoid.
 * @param target as the loss reads it: class numbers, int32 [batch], or rows, [batch, outputs].
 * @returns float scalars from 0 to batch.
 */
export function countRight<T>(
  ops: TensorOps<T>,
  loss: Loss,
  output: T,
  target: T,
): Partial<Readonly<Record<"accuracy" | "exactMatch", T>>> {
  if (loss.probabilities === undefined) return {};
  const outputs = ops.shape(output)[1] as number;
  const isOfClasses = ops.shape(target).length === 1 && outputs > 1;
  if (isOfClasses) return { accuracy: countCorrect(ops, output, target) };
  const rows = loss.targetRows(ops, output, target);
  if (!loss.targets.includes("probabilities"))
    return { accuracy: countCorrect(ops, output, ops.argMax(rows)) };
  const there = (x: T, from: number) => ops.where(ops.greater(x, from), 1, 0);
  const differs = ops.abs(ops.sub(there(output, loss.threshold), there(rows, 0.5)));
  const wrong = ops.sum(ops.where(isNumber(ops, output), differs, 1), [1]);
  return {
    accuracy: ops.sum(ops.sub(1, ops.mul(wrong, 1 / outputs))),
    ...(outputs > 1 && { exactMatch: ops.sum(ops.where(ops.greater(wrong, 0.5), 0, 1)) }),
  };
}
