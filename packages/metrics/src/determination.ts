import type { Loss, TensorOps } from "@bioflax/core";

/**
 * The squared error of a batch of values: for each row the mean over outputs of (y − t)², summed over rows. None for a
 * loss of classes or labels.
 *
 * @param output [batch, outputs].
 * @param target [batch, outputs].
 * @returns a float scalar, by the name an evaluation has it under.
 */
export function squaredError<T>(
  ops: TensorOps<T>,
  loss: Loss,
  output: T,
  target: T,
): Partial<Readonly<Record<"squaredError", T>>> {
  if (!loss.targets.includes("values")) return {};
  const difference = ops.sub(output, target);
  const outputs = ops.shape(output)[1] as number;
  return { squaredError: ops.mul(ops.sum(ops.mul(difference, difference)), 1 / outputs) };
}

/**
 * The variance of targets, the mean over outputs of each one's own.
 *
 * @param targets [rows, outputs], row-major.
 */
export function targetVariance(targets: ArrayLike<number>, outputs: number): number {
  const rows = targets.length / outputs;
  const means = new Float64Array(outputs);
  for (let i = 0; i < targets.length; i++)
    means[i % outputs] = (means[i % outputs] as number) + (targets[i] as number) / rows;
  let sum = 0;
  for (let i = 0; i < targets.length; i++)
    sum += ((targets[i] as number) - (means[i % outputs] as number)) ** 2;
  return sum / targets.length;
}

/**
 * R², the coefficient of determination: 1 − Σ(t − y)² / Σ(t − t̄)², with t̄ each output's own mean and both sums over all
 * outputs.
 *
 * It is 1 for predictions that are right, 0 for those no better than the mean, and negative for worse; NaN where all
 * targets are the same and predicted. Hydrology knows it as the Nash-Sutcliffe efficiency (NSE; Nash & Sutcliffe 1970).
 * It is not the squared correlation of y and t, also written R², which a wrong scale or offset of y does not lower and
 * which so is never less.
 *
 * @param targets [rows, outputs], row-major.
 * @param predictions of the same shape.
 * @example
 * determination([1, 2, 3], [1, 2, 4], 1); // 0.5
 */
export function determination(
  targets: ArrayLike<number>,
  predictions: ArrayLike<number>,
  outputs: number,
): number {
  let sum = 0;
  for (let i = 0; i < targets.length; i++)
    sum += ((targets[i] as number) - (predictions[i] as number)) ** 2;
  return 1 - sum / targets.length / targetVariance(targets, outputs);
}
