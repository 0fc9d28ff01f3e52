import { type TensorOps, TINY } from "@bioflax/core";

/** Several tensors read as one long vector. */
export type Vector<T> = readonly T[];

/** Two vectors that are compared. */
export type VectorPair<T> = readonly [Vector<T>, Vector<T>];

/** From how many on, what is done with tensors of one shape is done with all of them as one. */
const MANY = 8;

/** The scalars in a vector. */
const elements = <T>(ops: TensorOps<T>, vector: T, count: number): T[] =>
  Array.from({ length: count }, (_, i) => ops.reshape(ops.slice(vector, [i], [1]), []));

/** The places of values, by what they have in common. */
function placesBy<Value>(values: readonly Value[], keyOf: (value: Value) => string) {
  const groups = new Map<string, number[]>();
  for (const [place, value] of values.entries()) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()];
}

/** Tensors of one shape as one; the same ones are stacked once. */
function memoizedStack<T>(ops: TensorOps<T>): (tensors: readonly T[]) => T {
  const known: { readonly tensors: readonly T[]; readonly stack: T }[] = [];
  return (tensors) => {
    const same = known.find(
      (one) =>
        one.tensors.length === tensors.length && one.tensors.every((x, i) => x === tensors[i]),
    );
    if (same !== undefined) return same.stack;
    const stack = ops.stack(tensors);
    known.push({ tensors, stack });
    return stack;
  };
}

/**
 * Σ aᵢbᵢ of many pairs of vectors. What a pair of tensors contributes is computed once, however many vectors it is in;
 * and what many tensors of one shape do, by as few operations as one does: a compiler takes time for each.
 */
function dots<T>(
  ops: TensorOps<T>,
  pairs: readonly VectorPair<T>[],
  stack = memoizedStack(ops),
): T[] {
  const factors: (readonly [T, T])[] = [];
  const places = new Map<T, Map<T, number>>();
  const placeOf = (x: T, y: T): number => {
    const known = places.get(x) ?? new Map<T, number>();
    places.set(x, known);
    const place = known.get(y) ?? factors.push([x, y]) - 1;
    known.set(y, place);
    return place;
  };
  const terms = pairs.map(([a, b]) => a.map((x, i) => placeOf(x, b[i] as T)));
  const products: T[] = [];
  for (const group of placesBy(factors, ([x]) => ops.shape(x).join())) {
    const own = group.map((place) => factors[place] as readonly [T, T]);
    const computed =
      own.length < MANY
        ? own.map(([x, y]) => ops.sum(ops.mul(x, y)))
        : productsOf(ops, stack(own.map(([x]) => x)), stack(own.map(([, y]) => y)));
    for (const [i, place] of group.entries()) products[place] = computed[i] as T;
  }
  return sums(
    ops,
    terms.map((own) => own.map((place) => products[place] as T)),
  );
}

/** Σ aᵢbᵢ of each pair of tensors in two stacks. */
function productsOf<T>(ops: TensorOps<T>, a: T, b: T): T[] {
  const [count, ...rest] = ops.shape(a) as [number, ...number[]];
  const axes = rest.map((_, axis) => axis + 1);
  return elements(ops, ops.sum(ops.mul(a, b), axes), count);
}

/** The sums of scalars; many of as few terms are added side by side. */
function sums<T>(ops: TensorOps<T>, terms: readonly (readonly T[])[]): T[] {
  const all: T[] = [];
  for (const group of placesBy(terms, (own) => `${own.length}`)) {
    const own = group.map((place) => terms[place] as readonly T[]);
    const [first] = own as [readonly T[]];
    const added =
      first.length === 1 || own.length < MANY || first.length > MANY
        ? own.map((one) => (one.length === 1 ? (one[0] as T) : ops.sum(ops.stack(one))))
        : elements(
            ops,
            first
              .map((_, i) => ops.stack(own.map((one) => one[i] as T)))
              .reduce((one, other) => ops.add(one, other)),
            own.length,
          );
    for (const [i, place] of group.entries()) all[place] = added[i] as T;
  }
  return all;
}

/** Σ aᵢbᵢ: a scalar. */
export function dot<T>(ops: TensorOps<T>, a: Vector<T>, b: Vector<T>): T {
  return dots(ops, [[a, b]])[0] as T;
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
  const stack = memoizedStack(ops);
  const products = (side: 0 | 1, other: 0 | 1) => {
    const compared = pairs.map((pair): VectorPair<T> => [pair[side], pair[other]]);
    return ops.stack(dots(ops, compared, stack));
  };
  // As one value, whose last part is of both sides: what is computed for it goes pair by pair, and what two tensors
  // that are compared have both been made of need not stay in memory from all of the one side to all of the other.
  const all = ops.stack([products(0, 0), products(1, 1), products(0, 1)]);
  const row = (index: number) =>
    ops.reshape(ops.slice(all, [index, 0], [1, pairs.length]), [pairs.length]);
  const [normsA, normsB] = [ops.sqrt(row(0)), ops.sqrt(row(1))];
  const divisors = ops.maximum(normsB, TINY);
  const quotients = ops.div(ops.div(row(2), ops.maximum(normsA, TINY)), divisors);
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
