import { type Operand, type Shape, sameShape, shapeOps, type TensorOps } from "@bioflax/core";

import { batchProduct, logOfEach, scaledEach, sumOfEach, sumOfEachImages } from "./batch-products";

import { layoutAfter, outOfBlocks, sumInBlocks } from "./blocks";
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from "./convolution";
import { concatOf, IMAGES, orient, relabel, reshaped, stackOf, straight, together } from "./layout";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling";
import {
  accumulate,
  canFuseAdd,
  extractScale,
  product,
  scaledBy,
  sumOverRows,
  takesScalar,
  timesScalar,
} from "./products";
import type { Scope } from "./scope";
import { LEAST, step } from "./step";
import { type ElementType, isOpen, onnxType, storedShape, type Value } from "./value";

/** Where a slice ends that goes on to the end of an axis. */
const END = 2 ** 31 - 1;

/** Whether a value is matrices or images of several networks, one after another. */
const isStack = ({ shape }: Value): boolean => shape.length === 3 || shape.length === 5;

/** A value converted to another element type. */
export function cast(scope: Scope, x: Value, type: ElementType): Value {
  if (x.type === type) return x;
  const { shape, order, blocks } = x;
  return scope.node("Cast", [x], { shape, type, order, blocks }, { to: { int: onnxType[type] } });
}

/** The slices of `data` along its first axis that the indices name: [n, ...] by [..m] → [..m, ...]. */
export function gather(scope: Scope, data: Value, indices: Value): Value {
  const shape = [...indices.shape, ...data.shape.slice(1)];
  return scope.node("Gather", [data, indices], { shape, type: data.type }, { axis: { int: 0 } });
}

/**
 * The symbolic interpreter: each operation becomes a node of an ONNX graph.
 *
 * A sum with a matrix product becomes one `Gemm` that accumulates in place of the addition, so a layer's bias, and an
 * optimizer's update W ← (1 − λ)·W − η·hᵀe, cost no pass of their own. Matrices may lie transposed where that is
 * faster; no definition can tell.
 */
export function onnxOps(scope: Scope): TensorOps<Value> {
  const elementwise = (
    op: string,
    operands: readonly Operand<Value>[],
    type: ElementType = "float32",
  ): Value => {
    const { values, layout } = together(scope, operands);
    const shape = operands
      .map((x): Shape => (typeof x === "number" ? [] : x.shape))
      .reduce((a, b) => shapeOps.add(a, b));
    return scope.node(op, values, { shape, type, ...layoutAfter(op, values, layout) });
  };
  const unary = (op: string) => (x: Value) => elementwise(op, [x]);
  const binary = (op: string) => (a: Operand<Value>, b: Operand<Value>) => elementwise(op, [a, b]);
  /** x times a number, which a matrix product of it takes over; then the node of the multiplication falls away. */
  const times = (x: Value, factor: number): Value => {
    if (x.shape.length === 3) return scaledEach(scope, x, factor);
    if (x.total !== undefined) {
      const total = { ...x.total, factor: factor * x.total.factor };
      return { ...elementwise("Mul", [x, factor]), total };
    }
    if (x.shape.length !== 2 && x.shape.length !== 4 && x.blocks === undefined)
      return elementwise("Mul", [x, factor]);
    return scaledBy(scope, x, factor);
  };
  const reduce = (
    op: string,
    given: Value,
    shape: Shape,
    axes: readonly number[],
    keepDims: boolean,
  ): Value => {
    const x = outOfBlocks(scope, given);
    const before = x.order ?? x.shape.map((_, axis) => axis);
    const stored = axes.map((axis) => before.indexOf(axis));
    const kept = keepDims ? before : before.filter((axis) => !axes.includes(axis));
    const renumbered = kept.map((axis) => kept.filter((other) => other < axis).length);
    const isStraight = renumbered.every((axis, position) => axis === position);
    const layout = { shape, type: "float32" as const, order: isStraight ? undefined : renumbered };
    const input = scope.constant(stored, [stored.length], "int64");
    return scope.node(op, [x, input], layout, { keepdims: { int: Number(keepDims) } });
  };
  const ops: TensorOps<Value> = {
    shape: (x) => x.shape,
    neg: unary("Neg"),
    abs: unary("Abs"),
    sign(x) {
      // Of matrices, a slope's factor goes into a product for nothing; images have other things to do with it.
      if (x.isRectified && x.shape.length > 2) return step(scope, x);
      // ONNX Runtime's Sign takes many times as long as this, which is a slope and no step only where |x| < LEAST.
      const bounds = [-LEAST, LEAST].map((bound) => scope.constant([bound], []));
      const { shape, type } = x;
      const matrix = scope.node("Clip", [x, ...bounds], {
        shape,
        type,
        ...layoutAfter("Clip", [x], x),
      });
      return times(matrix, 1 / LEAST);
    },
    exp: unary("Exp"),
    log: (x) =>
      isStack(x) && scope.has("ReduceLogSum") ? logOfEach(scope, x) : elementwise("Log", [x]),
    sqrt: unary("Sqrt"),
    tanh: unary("Tanh"),
    sigmoid: unary("Sigmoid"),
    erf: unary("Erf"),
    add(a, b) {
      if (typeof a !== "number" && typeof b !== "number") {
        if (canFuseAdd(scope, a, b)) return accumulate(scope, a, 1, b, 1);
        if (canFuseAdd(scope, b, a)) return accumulate(scope, b, 1, a, 1);
      }
      return elementwise("Add", [a, b]);
    },
    sub: binary("Sub"),
    mul(a, b) {
      if (typeof b === "number") return times(a as Value, b);
      if (typeof a === "number") return times(b, a);
      if (takesScalar(scope, a, b)) return timesScalar(scope, a, b);
      if (takesScalar(scope, b, a)) return timesScalar(scope, b, a);
      const value = elementwise("Mul", [a, b]);
      const { scale: factor, ...bare } = extractScale(a, b);
      if (factor === 1) return value;
      // Outside of a loop the factor is multiplied once; products within it need not take it over, then.
      const [outer, inner] = a.scope === scope ? [bare.b, bare.a] : [bare.a, bare.b];
      if (outer.scope !== scope && inner.scope === scope)
        return elementwise("Mul", [times(outer, factor), inner]);
      return { ...value, scaled: { matrix: elementwise("Mul", [bare.a, bare.b]), factor } };
    },
    div: binary("Div"),
    // ONNX Runtime fuses Relu into the product before it.
    maximum: (a, b) =>
      b === 0 ? { ...elementwise("Relu", [a]), isRectified: true } : elementwise("Max", [a, b]),
    minimum: binary("Min"),
    axpby(alpha, x, beta, y) {
      shapeOps.axpby(alpha, x.shape, beta, y.shape);
      if (y.product !== undefined) return accumulate(scope, y, beta, x, alpha);
      if (x.product !== undefined) return accumulate(scope, x, alpha, y, beta);
      const scaled = (factor: number, z: Value) => (factor === 1 ? z : ops.mul(z, factor));
      return elementwise("Add", [scaled(alpha, x), scaled(beta, y)]);
    },
    greater: (a, b) => elementwise("Greater", [a, b], "bool"),
    equal(a, b) {
      const operands =
        a.type === b.type ? [a, b] : [cast(scope, a, "int32"), cast(scope, b, "int32")];
      return elementwise("Equal", operands, "bool");
    },
    where: (condition, a, b) => elementwise("Where", [condition, a, b]),
    sum(x, axes = [...x.shape.keys()], keepDims = false) {
      const shape = shapeOps.sum(x.shape, axes, keepDims);
      if (axes.length === 0) return x;
      if (x.shape.length === 3 && !axes.includes(0) && x.type === "float32")
        return ops.reshape(sumOfEach(scope, x, axes), shape);
      if (x.shape.length === 5 && !axes.includes(0) && x.type === "float32")
        return sumOfEachImages(scope, x, axes, shape);
      if (!keepDims && x.blocks !== undefined) {
        const total = sumInBlocks(scope, x.scaled?.matrix ?? x, axes);
        if (total !== undefined) return times(total, x.scaled?.factor ?? 1);
      }
      const isOverRows = x.shape.length === 2 && axes.length === 1 && axes[0] === 0;
      if (isOverRows && !keepDims && x.blocks === undefined && x.type === "float32")
        return sumOverRows(scope, x);
      // Of images, which are large, the factor is taken to what is left of them.
      if (x.shape.length === 4 && x.scaled !== undefined)
        return times(reduce("ReduceSum", x.scaled.matrix, shape, axes, keepDims), x.scaled.factor);
      const result = reduce("ReduceSum", x, shape, axes, keepDims);
      return shape.length > 0 ? result : { ...result, total: { numbers: x, factor: 1 } };
    },
    max: (x, axis, keepDims = false) =>
      reduce("ReduceMax", x, shapeOps.max(x.shape, axis, keepDims), [axis], keepDims),
    argMax(x) {
      const attributes = { axis: { int: -1 }, keepdims: { int: 0 } };
      const output = { shape: shapeOps.argMax(x.shape), type: "int64" as const };
      return scope.node("ArgMax", [straight(scope, x)], output, attributes);
    },
    reshape(x, shape) {
      shapeOps.reshape(x.shape, shape);
      return sameShape(x.shape, shape) ? x : reshaped(scope, x, shape);
    },
    broadcastTo(x, shape) {
      shapeOps.broadcastTo(x.shape, shape);
      // What is broadcast to images will meet images, and is smaller before.
      const small = shape.length === 4 ? orient(scope, x, IMAGES) : outOfBlocks(scope, x);
      const { order } = small;
      const stored = storedShape({ shape, order });
      const target = scope.constant(stored, [stored.length], "int64");
      return scope.node("Expand", [small, target], { shape, type: x.type, order });
    },
    pad(given, padding) {
      const x = outOfBlocks(scope, given);
      const shape = shapeOps.pad(x.shape, padding);
      const order = x.order ?? padding.map((_, axis) => axis);
      const sides = order.map((axis) => padding[axis] as readonly [number, number]);
      const counts = [...sides.map(([before]) => before), ...sides.map(([, after]) => after)];
      const amounts = scope.constant(counts, [counts.length], "int64");
      return scope.node("Pad", [x, amounts], { shape, type: x.type, order: x.order });
    },
    slice(given, begin, size) {
      const x = outOfBlocks(scope, given);
      // An extent that is open is taken whole, or as much of it as is asked for, which is there of any.
      const isWhole = (axis: number) =>
        isOpen(x.shape[axis] as number) && size[axis] === x.shape[axis];
      const known = size.map((one, axis) => (isWhole(axis) ? 1 : one));
      const extents = x.shape.map((one, axis) =>
        isOpen(one) ? (begin[axis] as number) + (known[axis] as number) : one,
      );
      shapeOps.slice(extents, begin, known);
      const shape = [...size];
      const order = x.order ?? begin.map((_, axis) => axis);
      const starts = order.map((axis) => begin[axis] as number);
      const ends = order.map((axis) =>
        isWhole(axis) ? END : (begin[axis] as number) + (size[axis] as number),
      );
      const bounds = [starts, ends].map((values) =>
        scope.constant(values, [values.length], "int64"),
      );
      return scope.node("Slice", [x, ...bounds], { shape, type: x.type, order: x.order });
    },
    conv2d: (x, kernel, window) => conv2d(scope, x, kernel, window),
    conv2dInputGradient: (error, kernel, input, window) =>
      conv2dInputGradient(scope, error, kernel, input, window),
    conv2dKernelGradient: (x, error, window) => conv2dKernelGradient(scope, x, error, window),
    maxPool: (x, window) => maxPool(scope, x, window),
    maxPoolGradient(x, y, error, window) {
      shapeOps.maxPoolGradient(x.shape, y.shape, error.shape, window);
      return maxPoolGradient(scope, x, error, window);
    },
    averagePool: (x, window) => averagePool(scope, x, window),
    averagePoolGradient: (error, input, window) => averagePoolGradient(scope, error, input, window),
    oneHot(labels, depth) {
      // Of parts of one value all at once, so that it is not cut before but after.
      const { part } = labels;
      if (part !== undefined)
        return scope.split(ops.oneHot(part.of, depth), part.extents)[part.index] as Value;
      const shape = shapeOps.oneHot(labels.shape, depth);
      const column = relabel(scope, cast(scope, labels, "int32"), [...labels.shape, 1]);
      const classes = scope.constant([...Array(depth).keys()], [depth], "int32");
      return cast(
        scope,
        scope.node("Equal", [column, classes], { shape, type: "bool" }),
        "float32",
      );
    },
    matMul: (a, b, options = {}) => product(scope, a, b, options),
    batchMatMul: (a, b, options = {}) => batchProduct(scope, a, b, options),
    stack: (tensors) => stackOf(scope, tensors),
    concat: (tensors, axis) => concatOf(scope, tensors, axis),
  };
  return ops;
}
