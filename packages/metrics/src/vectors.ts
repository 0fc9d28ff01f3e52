import { norm, type TensorOps, TINY } from "@bioflax/core";

/** Several tensors read as one long vector. */
export type Vector<T> = readonly T[];

/** Σ aᵢbᵢ: a scalar. */
export function dot<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return a
    .map((x, i) => ops.sum(ops.mul(x, b[i] as T)))
    .reduce((total, term) => ops.add(total, term));
}

/** cos ∠(a, b) = a·b / (‖a‖ ‖b‖): a scalar, kept within ±1 against rounding; 0 when either vector is zero. */
export function cosine<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  const unit = (x: Vector<T>) => ops.maximum(norm(ops, x), TINY);
  const quotient = ops.div(ops.div(dot(ops, a, b), unit(a)), unit(b));
  return ops.maximum(ops.minimum(quotient, 1), -1);
}

/** ‖a‖ / ‖b‖: a scalar; huge, but finite, when b is zero and a is not. */
export function normRatio<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return ops.div(norm(ops, a), ops.maximum(norm(ops, b), TINY));
}

/** The angle of a cosine, in degrees from 0 to 180; rounding beyond ±1 is cut off. */
export function degrees(cosineOfAngle: number): number {
  return (Math.acos(Math.min(1, Math.max(-1, cosineOfAngle))) * 180) / Math.PI;
}
