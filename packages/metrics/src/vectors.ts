import { type TensorOps, TINY } from "@bioflax/core";

/** Several tensors read as one long vector. */
export type Vector<T> = readonly T[];

/** Two vectors that are compared. */
export type VectorPair<T> = readonly [Vector<T>, Vector<T>];

/**
 * a·a, b·b and a·b of pairs of vectors, [3]: of tensors that are in several pairs, what they contribute is computed
 * once. All three come of one value, so that whoever orders the computation reads both tensors in one place.
 */
function memoizedProducts<T>(ops: TensorOps<T>): (pair: VectorPair<T>) => T {
  const known = new Map<T, Map<T, T>>();
  const ofTensors = (x: T, y: T): T => {
    const partners = known.get(x) ?? new Map<T, T>();
    known.set(x, partners);
    const product = (a: T, b: T) => ops.sum(ops.mul(a, b));
    const products = partners.get(y) ?? ops.stack([product(x, x), product(y, y), product(x, y)]);
    partners.set(y, products);
    return products;
  };
  return ([a, b]) => {
    const terms = a.map((x, i) => ofTensors(x, b[i] as T));
    return terms.length === 1 ? (terms[0] as T) : ops.sum(ops.stack(terms), [0]);
  };
}

/** Σ aᵢbᵢ: a scalar. */
export function dot<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  const products = memoizedProducts(ops)([a, b]);
  return ops.reshape(ops.slice(products, [2], [1]), []);
}

/** `values`, or NaN where one of the norms they were divided by is zero; all [n]. */
function definedUnlessZero<T>(ops: TensorOps<T>, values: T, norms: readonly T[]): T {
  const smallest = norms.reduce((one, other) => ops.minimum(one, other));
  return ops.where(ops.greater(smallest, 0), values, Number.NaN);
}

/**
 * How the vectors of each pair agree: all pairs at once, so that what is done with their products and norms is few
 * operations however many there are.
 *
 * @param pairs n pairs, at least one.
 * @returns cosines: cos ∠(a, b) = a·b / (‖a‖ ‖b‖), kept within ±1 against rounding; NaN when either vector is zero,
 *   which points nowhere and so has no angle. normRatios: ‖a‖ / ‖b‖; NaN when b is zero. Both [n].
 */
export function comparison<T>(
  ops: TensorOps<T>,
  pairs: readonly VectorPair<T>[],
): { cosines: T; normRatios: T } {
  const products = ops.stack(pairs.map(memoizedProducts(ops)));
  const column = (index: number) =>
    ops.reshape(ops.slice(products, [0, index], [pairs.length, 1]), [pairs.length]);
  const [normsA, normsB] = [ops.sqrt(column(0)), ops.sqrt(column(1))];
  const divisors = ops.maximum(normsB, TINY);
  const quotients = ops.div(ops.div(column(2), ops.maximum(normsA, TINY)), divisors);
  const cosines = ops.maximum(ops.minimum(quotients, 1), -1);
  return {
    cosines: definedUnlessZero(ops, cosines, [normsA, normsB]),
    normRatios: definedUnlessZero(ops, ops.div(normsA, divisors), [normsB]),
  };
}

/** cos ∠(a, b): a scalar, as {@link comparison} has it. */
export function cosine<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return ops.reshape(comparison(ops, [[a, b]]).cosines, []);
}

/** ‖a‖ / ‖b‖: a scalar; NaN when b is zero. */
export function normRatio<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return ops.reshape(comparison(ops, [[a, b]]).normRatios, []);
}

/** The angle of a cosine, in degrees from 0 to 180; rounding beyond ±1 is cut off. NaN for a cosine that is NaN. */
export function degrees(cosineOfAngle: number): number {
  return (Math.acos(Math.min(1, Math.max(-1, cosineOfAngle))) * 180) / Math.PI;
}
