import type { Operand, TensorOps } from "../ops/tensor-ops";
import type { UpdateInputs } from "./optimizer";

/** α·x + β·y for tensors of one shape, where α and β are numbers or scalars. */
function weightedSum<T>(ops: TensorOps<T>, alpha: Operand<T>, x: T, beta: Operand<T>, y: T): T {
  if (typeof beta !== "number") return weightedSum(ops, alpha, x, 1, ops.mul(y, beta));
  if (typeof alpha !== "number") return weightedSum(ops, 1, ops.mul(x, alpha), beta, y);
  return ops.axpby(alpha, x, beta, y);
}

/** One step down along a direction: (1 − λ)·W − η·direction. */
export function descend<T>(
  ops: TensorOps<T>,
  { parameter, rate, weightDecay }: Pick<UpdateInputs<T>, "parameter" | "rate" | "weightDecay">,
  direction: T,
): T {
  const kept = typeof weightDecay === "number" ? 1 - weightDecay : ops.sub(1, weightDecay);
  const along = typeof rate === "number" ? -rate : ops.neg(rate);
  return weightedSum(ops, kept, parameter, along, direction);
}
