import { norm } from "../ops/norm";
import type { TensorOps } from "../ops/tensor-ops";

/** The gradients of a layer, scaled down together where they are longer than the largest norm allowed. */
export function clipped<T>(
  ops: TensorOps<T>,
  gradients: { kernel: T; bias?: T },
  largest: number,
): { kernel: T; bias?: T } {
  const { kernel, bias } = gradients;
  const length = norm(ops, bias === undefined ? [kernel] : [kernel, bias]);
  const factor = ops.div(largest, ops.maximum(length, largest));
  const scaled = { kernel: ops.mul(kernel, factor) };
  return bias === undefined ? scaled : { ...scaled, bias: ops.mul(bias, factor) };
}
