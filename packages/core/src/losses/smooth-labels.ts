import type { TensorOps } from "../ops/tensor-ops";

/**
 * Labels as a loss's targets, [batch, classes]: (1 − α)·onehot + α·even.
 *
 * @param labels int32 [batch].
 * @param labelSmoothing α; at 0 the targets are one-hot.
 * @param even what each output's target would be if α were 1.
 */
export function smoothLabels<T>(
  ops: TensorOps<T>,
  labels: T,
  classes: number,
  labelSmoothing: number,
  even: number,
): T {
  const oneHot = ops.oneHot(labels, classes);
  if (labelSmoothing === 0) return oneHot;
  return ops.add(ops.mul(oneHot, 1 - labelSmoothing), labelSmoothing * even);
}
