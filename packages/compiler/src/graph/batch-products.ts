import { type MatMulOptions, type Shape, sameShape, shapeOps, sizeOf } from "@bioflax/core";
import { outOfBlocks } from "./blocks";
import { orient, relabel, reshaped } from "./layout";
import { extractScale } from "./products";
import type { Scope } from "./scope";

import { isOpen, type Order, storedShape, TRANSPOSED, TRANSPOSED_EACH, type Value } from "./value";

/** The order of a matrix that lies transposed, or of a stack of such. */
const transposedOrder = ({ shape }: Value) => (shape.length === 2 ? TRANSPOSED : TRANSPOSED_EACH);

/** Whether a matrix, or each of a stack, lies transposed. */
const liesTransposed = (x: Value) =>
  x.order !== undefined && sameShape(x.order, transposedOrder(x));

/** A factor whose matrices lie one after another, each as it is or transposed. */
const matrices = (scope: Scope, x: Value): Value =>
  orient(scope, x, liesTransposed(x) ? x.order : undefined);

/** How many numbers one matrix of a factor has. */
const matrixSize = ({ shape }: Value) => sizeOf(shape.slice(-2));

/**
 * Products of matrices pair by pair, each laid out so that its larger factor stands on the left, as in `product`.
 *
 * ONNX Runtime's own `FusedMatMul` reads factors transposed and shares pairs out among threads; where a device lacks it,
 * they are transposed before `MatMul`.
 *
 * @param mayFuse whether an operator of ONNX Runtime's own may be used.
 */
export function batchProduct(
  scope: Scope,
  a: Value,
  b: Value,
  { transposeA = false, transposeB = false }: MatMulOptions,
  mayFuse = scope.has("FusedMatMul"),
): Value {
  const shape = shapeOps.batchMatMul(a.shape, b.shape, { transposeA, transposeB });
  const bare = extractScale(a, b);
  const [left, right] = [matrices(scope, bare.a), matrices(scope, bare.b)];
  const [turnsLeft, turnsRight] = [
    transposeA !== liesTransposed(left),
    transposeB !== liesTransposed(right),
  ];
  const isFlipped = matrixSize(right) > matrixSize(left);
  const output = {
    shape,
    type: "float32" as const,
    order: isFlipped ? TRANSPOSED_EACH : undefined,
  };
  const factors: Factors = isFlipped
    ? { a: right, b: left, transA: !turnsRight, transB: !turnsLeft }
    : { a: left, b: right, transA: turnsLeft, transB: turnsRight };
  return mayFuse
    ? fused(scope, factors, output, bare.scale)
    : plain(scope, factors, output, bare.scale);
}

/**
 * Each matrix of a stack summed over axis 1, 2 or both, which stay with extent 1: as products with ones.
 *
 * `ReduceSum` adds in an order that depends on where in memory a matrix begins, and so on what stands before it in the
 * stack; a product does not.
 */
export function sumOfEach(scope: Scope, x: Value, axes: readonly number[]): Value {
  const [count, rows, columns] = x.shape as [number, number, number];
  const ones = (shape: readonly [number, number]) =>
    scope.constant(new Array<number>(shape[0] * shape[1]).fill(1), shape);
  if (axes.length === 2) {
    // In whatever order each matrix lies, but each by itself.
    const all = relabel(scope, matrices(scope, x), [count, 1, rows * columns]);
    return batchProduct(scope, all, ones([rows * columns, 1]), {});
  }
  const lying = matrices(scope, x);
  const [height, width] = liesTransposed(lying) ? [columns, rows] : [rows, columns];
  const overRows = (axes[0] === 1) !== liesTransposed(lying);
  // Ones as a row on the left, as which ONNX Runtime takes a vector for one; a constant right factor it would repack.
  const factors = { a: ones([1, overRows ? height : width]), b: lying, transA: false };
  const turned = liesTransposed(lying) ? undefined : TRANSPOSED_EACH;
  const output = {
    shape: axes[0] === 1 ? [count, 1, columns] : [count, rows, 1],
    type: "float32" as const,
    order: overRows ? lying.order : turned,
  };
  const sides = { ...factors, transB: !overRows };
  return scope.has("FusedMatMul") ? fused(scope, sides, output, 1) : plain(scope, sides, output, 1);
}

/**
 * A stack of matrices times a number. Where they are vectors, the number is one for each element: ONNX Runtime would
 * take a single one into the product they come of, and no longer see that it is with a vector.
 */
export function scaledEach(scope: Scope, x: Value, factor: number): Value {
  const { shape, order } = x;
  const [, rows, columns] = shape as [number, number, number];
  const isVector = (rows === 1 || columns === 1) && rows !== columns && !shape.some(isOpen);
  const size = isVector ? rows * columns : 1;
  const numbers = scope.constant(
    new Array<number>(size).fill(factor),
    // Wherever the axis of the stack lies.
    isVector ? storedShape({ shape: [1, rows, columns], order }) : [],
  );
  return scope.node("Mul", [x, numbers], { shape, type: "float32", order });
}

/**
 * Images of each of several networks, [networks, batch, height, width, channels], summed over some axes but the first:
 * as {@link sumOfEach} of matrices of what is left by what is summed.
 *
 * @param shape that of the sums.
 */
export function sumOfEachImages(
  scope: Scope,
  given: Value,
  axes: readonly number[],
  shape: Shape,
): Value {
  const own = (given.order ?? given.shape.map((_, axis) => axis)).filter((axis) => axis > 0);
  const isSummed = (axis: number) => axes.includes(axis);
  const kept = own.filter((axis) => !isSummed(axis));
  const x = orient(scope, given, [0, ...kept, ...own.filter(isSummed)]);
  const size = (some: readonly number[]) => sizeOf(some.map((axis) => x.shape[axis] as number));
  const [networks] = x.shape as [number];
  const matrix = relabel(scope, x, [networks, size(kept), size(axes)]);
  const sums = relabel(scope, sumOfEach(scope, matrix, [2]), [
    networks,
    ...kept.map((axis) => x.shape[axis] as number),
  ]);
  const straight = [...kept].sort((a, b) => a - b);
  const order = [0, ...kept.map((axis) => straight.indexOf(axis) + 1)];
  return reshaped(
    scope,
    relabel(scope, sums, [networks, ...straight.map((axis) => x.shape[axis] as number)], order),
    shape,
  );
}

/**
 * The logarithm of each number of a stack, as that of a sum of one.
 *
 * `Log` takes numbers in vectors, and by another function those that are left over at the end, or at that of a thread's
 * share: which these are depends on how much else is in the stack. A sum's is taken of every number by itself.
 */
export function logOfEach(scope: Scope, given: Value): Value {
  const x = outOfBlocks(scope, given);
  const { shape, type, order } = x;
  const stored = storedShape(x);
  const isColumn = stored.at(-1) === 1;
  const column = isColumn ? x : relabel(scope, x, [...stored, 1]);
  const last = scope.constant([stored.length - (isColumn ? 1 : 0)], [1], "int64");
  const keepdims = { int: Number(isColumn) };
  return scope.node("ReduceLogSum", [column, last], { shape, type, order }, { keepdims });
}

interface Factors {
  readonly a: Value;
  readonly b: Value;
  readonly transA: boolean;
  readonly transB: boolean;
}

type Result = {
  readonly shape: Shape;
  readonly type: "float32";
  readonly order?: Order | undefined;
};

function fused(scope: Scope, { a, b, transA, transB }: Factors, output: Result, alpha: number) {
  return scope.node("com.microsoft:FusedMatMul", [a, b], output, {
    transA: { int: Number(transA) },
    transB: { int: Number(transB) },
    ...(alpha !== 1 && { alpha: { float: alpha } }),
  });
}

function plain(scope: Scope, { a, b, transA, transB }: Factors, output: Result, alpha: number) {
  const turned = (x: Value, isTurned: boolean): Value => {
    if (!isTurned) return x;
    const { shape, type } = x;
    return scope.node("Transpose", [x], { shape, type }, { perm: { ints: transposedOrder(x) } });
  };
  const product = scope.node("MatMul", [turned(a, transA), turned(b, transB)], output);
  return alpha === 1 ? product : scope.node("Mul", [product, scope.constant([alpha], [])], output);
}
