import { onesLike, zerosLike } from "./constants";
import { sameShape } from "./shapes";
import type { Operand, Shape, TensorOps } from "./tensor-ops";
import type { Window2d } from "./window";

/**
 * A tensor with its tangent, of the same shape: how it changes, to first order, along the direction that is
 * differentiated in; without one where it does not change.
 */
export interface Dual<T> {
  readonly value: T;
  readonly tangent?: T | undefined;
}

/** A tensor that does not change. */
export const constant = <T>(value: T): Dual<T> => ({ value });

/** Something that may be left out, put to use where it is there. */
const given = <T, R>(x: T | undefined, use: (x: T) => R): R | undefined =>
  x === undefined ? undefined : use(x);

/** Below every float32 but −∞. */
const LOWEST = -3.4e38;

/**
 * How a {@link TensorOps.maxPool} changes: in each window as its first largest element does. Its places are gone through
 * one after another.
 */
function maxPoolTangent<T>(
  ops: TensorOps<T>,
  x: T,
  tangent: T,
  [, rows, columns]: Shape,
  window: Window2d,
): T {
  const { size, strides, dilations, padding } = window;
  const padded = (image: T) => ops.pad(image, [[0, 0], ...padding, [0, 0]]);
  const isInside = ops.greater(padded(onesLike(ops, x)), 0);
  const images = [ops.where(isInside, padded(x), LOWEST), padded(tangent)] as const;
  const [batch, , , channels] = ops.shape(x) as [number, number, number, number];
  const each: Window2d = {
    size: [1, 1],
    strides,
    dilations: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
  };
  const span = (extent: number, axis: 0 | 1) => (extent - 1) * strides[axis] + 1;
  const extents = [batch, span(rows as number, 0), span(columns as number, 1), channels];
  const isStrided = strides.some((stride) => stride > 1);
  /** What all windows have at one of their places. */
  const at = (image: T, row: number, column: number) => {
    const seen = ops.slice(image, [0, row * dilations[0], column * dilations[1], 0], extents);
    return isStrided ? ops.averagePool(seen, each) : seen;
  };
  let [largest, moved] = images.map((image) => at(image, 0, 0)) as [T, T];
  for (let place = 1; place < size[0] * size[1]; place++) {
    const [row, column] = [Math.floor(place / size[1]), place % size[1]];
    const [here, change] = images.map((image) => at(image, row, column)) as [T, T];
    const isLarger = ops.greater(here, largest);
    [largest, moved] = [ops.where(isLarger, here, largest), ops.where(isLarger, change, moved)];
  }
  return moved;
}

/**
 * An interpreter that differentiates: a transformation of interpreters as `jvp` is one of functions. Over any
 * interpreter it gives one whose tensors carry their tangents with them, so that a definition that runs on it has, next
 * to each of its values, the exact derivative of that along the direction its inputs were given.
 *
 * What does not change has no tangent, and costs nothing. Comparisons, signs and class numbers do not change; where a
 * function has a kink, a tangent is that of one of its sides.
 *
 * @param ops computes values and tangents.
 * @example
 * const x = { value: float64Tensor([3], [1]), tangent: float64Tensor([1], [1]) };
 * const ops = forwardModeOps(referenceOps);
 * ops.mul(x, x).tangent; // [6]
 */
export function forwardModeOps<T>(ops: TensorOps<T>): TensorOps<Dual<T>> {
  const primalOf = (x: Operand<Dual<T>>): Operand<T> => (typeof x === "number" ? x : x.value);
  const tangentOf = (x: Operand<Dual<T>>): T | undefined =>
    typeof x === "number" ? undefined : x.tangent;
  /** A tangent in the shape of a result that its operand was broadcast to. */
  const spread = (tangent: T, value: T): T => {
    const [own, all] = [ops.shape(tangent), ops.shape(value)];
    if (sameShape(own, all)) return tangent;
    const missing = Array.from({ length: all.length - own.length }, () => 1);
    return ops.broadcastTo(ops.reshape(tangent, [...missing, ...own]), all);
  };
  /** The sum of what is there of two parts of a tangent. */
  const total = (a: T | undefined, b: T | undefined): T | undefined =>
    a === undefined || b === undefined ? (a ?? b) : ops.add(a, b);
  const tangentOrZeros = ({ value, tangent }: Dual<T>): T => tangent ?? zerosLike(ops, value);

  /** An operation whose tangent is the derivative at x (and y, its value) times that of x. */
  const unary =
    (operation: (x: T) => T, derived: (tangent: T, x: T, y: T) => T) =>
    ({ value: x, tangent }: Dual<T>): Dual<T> => {
      const y = operation(x);
      return { value: y, tangent: given(tangent, (own) => derived(own, x, y)) };
    };
  /** An operation that does to a tangent what it does to a value. */
  const linear = (x: Dual<T>, operation: (x: T) => T): Dual<T> =>
    unary(operation, (tangent) => operation(tangent))(x);
  /** An operation that is linear in either of two tensors. */
  const bilinear = (a: Dual<T>, b: Dual<T>, operation: (a: T, b: T) => T): Dual<T> => ({
    value: operation(a.value, b.value),
    tangent: total(
      given(a.tangent, (tangent) => operation(tangent, b.value)),
      given(b.tangent, (tangent) => operation(a.value, tangent)),
    ),
  });
  /** An operation on any number of tensors that does to their tangents what it does to them. */
  const joint = (
    tensors: readonly Dual<T>[],
    operation: (tensors: readonly T[]) => T,
  ): Dual<T> => ({
    value: operation(tensors.map(({ value }) => value)),
    tangent: tensors.some(({ tangent }) => tangent !== undefined)
      ? operation(tensors.map(tangentOrZeros))
      : undefined,
  });
  const sum = (a: Operand<Dual<T>>, b: Operand<Dual<T>>, sign: 1 | -1): Dual<T> => {
    const [x, y] = [primalOf(a), primalOf(b)];
    const value = sign === 1 ? ops.add(x, y) : ops.sub(x, y);
    const [own, other] = [tangentOf(a), tangentOf(b)];
    const signed = given(other, (tangent) => (sign === 1 ? tangent : ops.neg(tangent)));
    return { value, tangent: given(total(own, signed), (tangent) => spread(tangent, value)) };
  };
  /** One of two operands, element by element. */
  const either = (value: T, isFirst: T, a: Operand<Dual<T>>, b: Operand<Dual<T>>): Dual<T> => {
    const [own, other] = [tangentOf(a), tangentOf(b)];
    if (own === undefined && other === undefined) return { value };
    return { value, tangent: spread(ops.where(isFirst, own ?? 0, other ?? 0), value) };
  };

  return {
    shape: ({ value }) => ops.shape(value),
    neg: (x) => linear(x, ops.neg),
    abs: unary(ops.abs, (tangent, x) => ops.mul(tangent, ops.sign(x))),
    sign: ({ value }) => constant(ops.sign(value)),
    exp: unary(ops.exp, (tangent, _x, y) => ops.mul(tangent, y)),
    log: unary(ops.log, (tangent, x) => ops.div(tangent, x)),
    sqrt: unary(ops.sqrt, (tangent, _x, y) => ops.div(ops.mul(tangent, 0.5), y)),
    tanh: unary(ops.tanh, (tangent, _x, y) => ops.mul(tangent, ops.sub(1, ops.mul(y, y)))),
    sigmoid: unary(ops.sigmoid, (tangent, _x, y) => ops.mul(tangent, ops.mul(y, ops.sub(1, y)))),
    erf: unary(ops.erf, (tangent, x) => {
      const slope = ops.mul(ops.exp(ops.neg(ops.mul(x, x))), 2 / Math.sqrt(Math.PI));
      return ops.mul(tangent, slope);
    }),
    add: (a, b) => sum(a, b, 1),
    sub: (a, b) => sum(a, b, -1),
    mul(a, b) {
      const [x, y] = [primalOf(a), primalOf(b)];
      return {
        value: ops.mul(x, y),
        tangent: total(
          given(tangentOf(a), (tangent) => ops.mul(tangent, y)),
          given(tangentOf(b), (tangent) => ops.mul(x, tangent)),
        ),
      };
    },
    div(a, b) {
      const [x, y] = [primalOf(a), primalOf(b)];
      const value = ops.div(x, y);
      return {
        value,
        tangent: total(
          given(tangentOf(a), (tangent) => ops.div(tangent, y)),
          given(tangentOf(b), (tangent) => ops.neg(ops.div(ops.mul(value, tangent), y))),
        ),
      };
    },
    maximum(a, b) {
      const [x, y] = [primalOf(a), primalOf(b)];
      return either(ops.maximum(x, y), ops.greater(x, y), a, b);
    },
    minimum(a, b) {
      const [x, y] = [primalOf(a), primalOf(b)];
      return either(ops.minimum(x, y), ops.greater(y, x), a, b);
    },
    axpby(alpha, x, beta, y) {
      const scaled = (factor: number, tangent: T | undefined) =>
        given(tangent, (own) => (factor === 1 ? own : ops.mul(own, factor)));
      return {
        value: ops.axpby(alpha, x.value, beta, y.value),
        tangent:
          x.tangent !== undefined && y.tangent !== undefined
            ? ops.axpby(alpha, x.tangent, beta, y.tangent)
            : (scaled(alpha, x.tangent) ?? scaled(beta, y.tangent)),
      };
    },
    greater: (a, b) => constant(ops.greater(primalOf(a), primalOf(b))),
    equal: (a, b) => constant(ops.equal(a.value, b.value)),
    where: ({ value: condition }, a, b) =>
      either(ops.where(condition, primalOf(a), primalOf(b)), condition, a, b),
    sum: (x, axes, keepDims) => linear(x, (own) => ops.sum(own, axes, keepDims)),
    max: ({ value: x, tangent }, axis, keepDims) => ({
      value: ops.max(x, axis, keepDims),
      // Of several that are the largest, the mean.
      tangent: given(tangent, (own) => {
        const areLargest = ops.equal(x, ops.max(x, axis, true));
        const sumOf = (values: T) => ops.sum(values, [axis], keepDims);
        return ops.div(
          sumOf(ops.where(areLargest, own, 0)),
          sumOf(ops.where(areLargest, onesLike(ops, x), 0)),
        );
      }),
    }),
    argMax: ({ value }) => constant(ops.argMax(value)),
    reshape: (x, shape) => linear(x, (own) => ops.reshape(own, shape)),
    broadcastTo: (x, shape) => linear(x, (own) => ops.broadcastTo(own, shape)),
    pad: (x, padding) => linear(x, (own) => ops.pad(own, padding)),
    slice: (x, begin, size) => linear(x, (own) => ops.slice(own, begin, size)),
    oneHot: ({ value }, depth) => constant(ops.oneHot(value, depth)),
    matMul: (a, b, options) => bilinear(a, b, (x, y) => ops.matMul(x, y, options)),
    batchMatMul: (a, b, options) => bilinear(a, b, (x, y) => ops.batchMatMul(x, y, options)),
    stack: (tensors) => joint(tensors, (own) => ops.stack(own)),
    concat: (tensors, axis) => joint(tensors, (own) => ops.concat(own, axis)),
    conv2d: (x, kernel, window) => bilinear(x, kernel, (a, b) => ops.conv2d(a, b, window)),
    conv2dInputGradient: (error, kernel, input, window) =>
      bilinear(error, kernel, (e, w) => ops.conv2dInputGradient(e, w, input, window)),
    conv2dKernelGradient: (x, error, window) =>
      bilinear(x, error, (a, e) => ops.conv2dKernelGradient(a, e, window)),
    maxPool({ value: x, tangent }, window) {
      const value = ops.maxPool(x, window);
      return {
        value,
        tangent: given(tangent, (own) => maxPoolTangent(ops, x, own, ops.shape(value), window)),
      };
    },
    // Which elements are the largest does not change.
    maxPoolGradient: ({ value: x }, { value: y }, error, window) =>
      linear(error, (own) => ops.maxPoolGradient(x, y, own, window)),
    averagePool: (x, window) => linear(x, (own) => ops.averagePool(own, window)),
    averagePoolGradient: (error, input, window) =>
      linear(error, (own) => ops.averagePoolGradient(own, input, window)),
  };
}
