import type { TensorOps } from "../ops/tensor-ops";
import type { Activation } from "./activation";

/** log softmax over the last axis, shifted by the row's maximum so that nothing overflows: [batch, n] → [batch, n]. */
export function logSoftmax<T>(ops: TensorOps<T>, a: T): T {
  const axis = ops.shape(a).length - 1;
  const shifted = ops.sub(a, ops.max(a, axis, true));
  return ops.sub(shifted, ops.log(ops.sum(ops.exp(shifted), [axis], true)));
}

/** yᵢ = e^aᵢ / Σⱼ e^aⱼ over the last axis; its Jacobian is not diagonal, so units share their errors. */
export const softmax: Activation = {
  name: "softmax",
  normalizes: true,
  forward: (ops, a) => ops.exp(logSoftmax(ops, a)),
  backward(ops, { y }, delta) {
    const axis = ops.shape(y).length - 1;
    return ops.mul(y, ops.sub(delta, ops.sum(ops.mul(delta, y), [axis], true)));
  },
};
