import type { TensorOps } from "./tensor-ops";

/** Keeps a quotient finite when a vector is zero, and is far below any norm that means something. */
export const TINY = 1e-30;

/** ‖x‖ = √Σ x² of several tensors read as one long vector: a scalar. */
export function norm<T>(ops: TensorOps<T>, tensors: readonly T[]): T {
  return ops.sqrt(
    tensors.map((x) => ops.sum(ops.mul(x, x))).reduce((total, square) => ops.add(total, square)),
  );
}

/** A tensor scaled to the norm another has: after·‖before‖/‖after‖. */
export function withNormOf<T>(ops: TensorOps<T>, before: T, after: T): T {
  const factor = ops.div(norm(ops, [before]), ops.maximum(norm(ops, [after]), TINY));
  return ops.mul(after, factor);
}
