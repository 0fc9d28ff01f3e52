import { norm, type TensorOps, TINY } from "@bioflax/core";

/** Several tensors read as one long vector. */
export type Vector<T> = readonly T[];

/** Σ aᵢbᵢ: a scalar. */
export function dot<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return a
    .map((x, i) => ops.sum(ops.mul(x, b[i] as T)))
    .reduce((total, term) => ops.add(total, term));
}

/** `value`, or NaN if one of the norms it was divided by is zero. */
function definedUnlessZero<T>(ops: TensorOps<T>, value: T, norms: readonly T[]): T {
  const smallest = norms.reduce((one, other) => ops.minimum(one, other));
  return ops.where(ops.greater(smallest, 0), value, Number.NaN);
}

/**
 * cos ∠(a, b) = a·b / (‖a‖ ‖b‖): a scalar, kept within ±1 against rounding. NaN when either vector is zero: a zero
 * vector points nowhere, and so has no angle.
 */
export function cosine<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  const norms = [norm(ops, a), norm(ops, b)] as const;
  const [unitA, unitB] = [ops.maximum(norms[0], TINY), ops.maximum(norms[1], TINY)];
  const quotient = ops.div(ops.div(dot(ops, a, b), unitA), unitB);
  return definedUnlessZero(ops, ops.maximum(ops.minimum(quotient, 1), -1), norms);
}

/** ‖a‖ / ‖b‖: a scalar; NaN when b is zero. */
export function normRatio<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  const divisor = norm(ops, b);
  const ratio = ops.div(norm(ops, a), ops.maximum(divisor, TINY));
  return definedUnlessZero(ops, ratio, [divisor]);
}

/** The angle of a cosine, in degrees from 0 to 180; rounding beyond ±1 is cut off. NaN for a cosine that is NaN. */
export function degrees(cosineOfAngle: number): number {
  return (Math.acos(Math.min(1, Math.max(-1, cosineOfAngle))) * 180) / Math.PI;
}
