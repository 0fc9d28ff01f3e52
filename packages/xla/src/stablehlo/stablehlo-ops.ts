import {
  type MatMulOptions,
  type Operand,
  type Shape,
  shapeOps,
  sizeOf,
  type TensorOps,
} from "@bioflax/core";
import type { Block } from "./block";
import { conv2d, conv2dInputGradient, conv2dKernelGradient } from "./convolution";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling";
import { convert, counting, largestPlace, pad, reshaped, spread } from "./shaping";
import { typeText, type Value, type ValueType } from "./value";

const shapeOf = (x: Operand<Value>): Shape => (typeof x === "number" ? [] : x.shape);

/**
 * The most multiplications of a product whose left factor is turned first on a processor: XLA has faster kernels for
 * products whose left factor is not turned (`pnpm --filter benchmarks run xla-products`), and of larger ones turning it
 * costs more than they gain.
 */
const MOST_TURNED = 2 ** 20;

/** Whether a transposed left factor [summed, rows] is turned before its product; vectors need no turning. */
function isTurnedFirst({ target }: Block, [summed, rows]: Shape, [, columns]: Shape): boolean {
  const sizes = [summed, rows, columns] as number[];
  return target.isProcessor === true && Math.min(...sizes) > 1 && sizeOf(sizes) <= MOST_TURNED;
}

/** A matrix turned in memory, where XLA would rather turn it on the way. */
function turned(block: Block, x: Value): Value {
  const [rows, columns] = x.shape as [number, number];
  const result = { shape: [columns, rows], type: x.type };
  const transpose = block.call("transpose", [x], result, ", dims = [1, 0]");
  const text = `stablehlo.optimization_barrier ${transpose.name} : ${typeText(result)}`;
  return block.operation(text, [transpose], result);
}

/** Products of matrices pair by pair, or with a single one. */
function batchMatMul(block: Block, a: Value, b: Value, options: MatMulOptions): Value {
  const shape = shapeOps.batchMatMul(a.shape, b.shape, options);
  const { transposeA = false, transposeB = false } = options;
  const summed = (x: Value, first: boolean) => x.shape.length - (first ? 2 : 1);
  const axes = `[${summed(a, transposeA)}] x [${summed(b, !transposeB)}]`;
  const product = (result: Shape, batch: string) =>
    block.call(
      "dot_general",
      [a, b],
      { shape: result, type: "float32" },
      `, ${batch}contracting_dims = ${axes}, precision = [HIGHEST, HIGHEST]`,
    );
  if (a.shape.length === b.shape.length) return product(shape, "batching_dims = [0] x [0], ");
  // What is left of the factors' axes stands in their order: [pairs, rows, columns], or [rows, pairs, columns].
  if (a.shape.length === 3) return product(shape, "");
  const [pairs, rows, columns] = shape as [number, number, number];
  return block.call(
    "transpose",
    [product([rows, pairs, columns], "")],
    { shape, type: "float32" },
    ", dims = [1, 0, 2]",
  );
}

/**
 * The interpreter for XLA: each operation becomes one or a few of StableHLO's.
 *
 * What they are fused to, and how values lie in memory, XLA decides. Products are asked for in full float32 precision,
 * where a device would use less by default.
 */
export function stablehloOps(block: Block): TensorOps<Value> {
  const together = (operands: readonly Operand<Value>[], type: ValueType = "float32") => {
    const shape = operands.map(shapeOf).reduce((a, b) => shapeOps.add(a, b));
    const values = operands.map((x) => spread(block, x, shape));
    const result = { shape, type };
    const names = values.map((value) => value.name).join(", ");
    return { values, result, names };
  };
  const pointwise = (name: string) => {
    return (...operands: readonly Operand<Value>[]): Value => {
      const { values, result, names } = together(operands);
      return block.operation(`stablehlo.${name} ${names} : ${typeText(result)}`, values, result);
    };
  };
  const unary = (name: string): ((x: Value) => Value) => pointwise(name);
  const binary = (name: string): ((a: Operand<Value>, b: Operand<Value>) => Value) =>
    pointwise(name);
  const compare = (direction: string, a: Operand<Value>, b: Operand<Value>): Value => {
    const { values, result, names } = together([a, b], "bool");
    const types = values.map(typeText).join(", ");
    return block.operation(
      `stablehlo.compare ${direction}, ${names} : (${types}) -> ${typeText(result)}`,
      values,
      result,
    );
  };
  const reduce = (
    x: Value,
    operation: "add" | "maximum",
    start: Value,
    axes: readonly number[],
    shape: Shape,
  ): Value => {
    const bare = x.shape.filter((_, axis) => !axes.includes(axis));
    const result = { shape: bare, type: x.type };
    const reduced = block.operation(
      `stablehlo.reduce(${x.name} init: ${start.name}) applies stablehlo.${operation} across dimensions = [${axes}] : ` +
        `(${typeText(x)}, ${typeText(start)}) -> ${typeText(result)}`,
      [x, start],
      result,
    );
    return reshaped(block, reduced, shape);
  };
  const ops: TensorOps<Value> = {
    shape: (x) => x.shape,
    neg: unary("negate"),
    abs: unary("abs"),
    sign: unary("sign"),
    exp: unary("exponential"),
    log: unary("log"),
    sqrt: unary("sqrt"),
    tanh: unary("tanh"),
    sigmoid: unary("logistic"),
    // In the dialect beside StableHLO's that XLA reads, too, and writes out in its own best approximation.
    erf: (x) => block.operation(`chlo.erf ${x.name} : ${typeText(x)} -> ${typeText(x)}`, [x], x),
    add: binary("add"),
    sub: binary("subtract"),
    mul: binary("multiply"),
    div: binary("divide"),
    maximum: binary("maximum"),
    minimum: binary("minimum"),
    axpby(alpha, x, beta, y) {
      shapeOps.axpby(alpha, x.shape, beta, y.shape);
      const scaled = (factor: number, z: Value) => (factor === 1 ? z : ops.mul(z, factor));
      return ops.add(scaled(alpha, x), scaled(beta, y));
    },
    greater: (a, b) => compare("GT", a, b),
    equal(a, b) {
      const [x, y] = a.type === b.type ? [a, b] : [a, b].map((z) => convert(block, z, "int32"));
      return compare("EQ", x as Value, y as Value);
    },
    where(condition, a, b) {
      const shape = shapeOps.where(condition.shape, shapeOf(a), shapeOf(b));
      const values = [condition, a, b].map((x) => spread(block, x, shape));
      const result = { shape, type: (values[1] as Value).type };
      const names = values.map((value) => value.name).join(", ");
      return block.operation(
        `stablehlo.select ${names} : ${typeText(values[0] as Value)}, ${typeText(result)}`,
        values,
        result,
      );
    },
    sum(x, axes = [...x.shape.keys()], keepDims = false) {
      const shape = shapeOps.sum(x.shape, axes, keepDims);
      return axes.length === 0 ? x : reduce(x, "add", block.constant(0), axes, shape);
    },
    max(x, axis, keepDims = false) {
      const shape = shapeOps.max(x.shape, axis, keepDims);
      return reduce(x, "maximum", block.constant(Number.NEGATIVE_INFINITY), [axis], shape);
    },
    argMax(x) {
      const axis = x.shape.length - 1;
      const shape = shapeOps.argMax(x.shape);
      return largestPlace(block, x, axis, shape);
    },
    reshape(x, shape) {
      shapeOps.reshape(x.shape, shape);
      return reshaped(block, x, shape);
    },
    broadcastTo(x, shape) {
      shapeOps.broadcastTo(x.shape, shape);
      return spread(block, x, shape);
    },
    pad(x, padding) {
      shapeOps.pad(x.shape, padding);
      const [low, high] = [padding.map(([before]) => before), padding.map(([, after]) => after)];
      return pad(block, x, 0, { low, high });
    },
    slice(x, begin, size) {
      const shape = shapeOps.slice(x.shape, begin, size);
      const parts = begin.map((start, axis) => `${start}:${start + (size[axis] as number)}`);
      return block.operation(
        `stablehlo.slice ${x.name} [${parts.join(", ")}] : (${typeText(x)}) -> ${typeText({ shape, type: x.type })}`,
        [x],
        { shape, type: x.type },
      );
    },
    oneHot(labels, depth) {
      const shape = shapeOps.oneHot(labels.shape, depth);
      const column = reshaped(block, convert(block, labels, "int32"), [...labels.shape, 1]);
      const isClass = compare("EQ", column, counting(block, shape, shape.length - 1));
      return convert(block, isClass, "float32");
    },
    matMul(a, b, options = {}) {
      const shape = shapeOps.matMul(a.shape, b.shape, options);
      const { transposeA = false, transposeB = false } = options;
      const isTurned = transposeA && isTurnedFirst(block, a.shape, shape);
      const factor = isTurned ? turned(block, a) : a;
      const axes = `[${transposeA && !isTurned ? 0 : 1}] x [${transposeB ? 1 : 0}]`;
      return block.call(
        "dot_general",
        [factor, b],
        { shape, type: "float32" },
        `, contracting_dims = ${axes}, precision = [HIGHEST, HIGHEST]`,
      );
    },
    batchMatMul: (a, b, options = {}) => batchMatMul(block, a, b, options),
    stack(tensors) {
      const [, ...own] = shapeOps.stack(tensors.map((x) => x.shape));
      const parts = tensors.map((x) => reshaped(block, x, [1, ...own]));
      const { type } = parts[0] as Value;
      const result = { shape: [tensors.length, ...own], type };
      return block.call("concatenate", parts, result, ", dim = 0");
    },
    conv2d: (x, kernel, window) => conv2d(block, x, kernel, window),
    conv2dInputGradient: (error, kernel, input, window) =>
      conv2dInputGradient(block, error, kernel, input, window),
    conv2dKernelGradient: (x, error, window) => conv2dKernelGradient(block, x, error, window),
    maxPool: (x, window) => maxPool(block, x, window),
    maxPoolGradient: (x, y, error, window) => maxPoolGradient(block, ops, { x, y, error }, window),
    averagePool: (x, window) => averagePool(block, ops, x, window),
    averagePoolGradient: (error, input, window) =>
      averagePoolGradient(block, ops, error, input, window),
  };
  return ops;
}
