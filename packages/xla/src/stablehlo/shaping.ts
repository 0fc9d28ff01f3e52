import { type Operand, type Shape, sameShape, sizeOf } from "@bioflax/core";
import type { Block } from "./block";
import { typeText, type Value, type ValueType } from "./value";

/** A tensor or number spread out to a shape, as NumPy broadcasts. */
export function spread(block: Block, x: Operand<Value>, shape: Shape): Value {
  if (typeof x === "number") return block.constant(x, shape);
  if (sameShape(x.shape, shape)) return x;
  const offset = shape.length - x.shape.length;
  const axes = x.shape.map((_, axis) => axis + offset);
  return block.call("broadcast_in_dim", [x], { shape, type: x.type }, `, dims = [${axes}]`);
}

/** A value with its elements converted to another type. */
export function convert(block: Block, x: Value, type: ValueType): Value {
  return x.type === type ? x : block.call("convert", [x], { shape: x.shape, type });
}

/** The same elements under another shape. */
export function reshaped(block: Block, x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : block.call("reshape", [x], { shape, type: x.type });
}

/** How much is added along each axis: before, after, and between neighbours; what is below zero is taken away. */
export interface Padding {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior?: readonly number[];
}

/** A tensor with a number around it. */
export function pad(
  block: Block,
  x: Value,
  value: number,
  { low, high, interior = low.map(() => 0) }: Padding,
): Value {
  const shape = x.shape.map(
    (extent, axis) =>
      (low[axis] as number) +
      (high[axis] as number) +
      extent +
      Math.max(0, extent - 1) * (interior[axis] as number),
  );
  const filling = block.constant(value);
  return block.call(
    "pad",
    [x, filling],
    { shape, type: x.type },
    `, low = [${low}], high = [${high}], interior = [${interior}]`,
  );
}

/** The numbers 0, 1, … along one axis of a shape, int32. */
export function counting(block: Block, shape: Shape, axis: number): Value {
  const result = { shape, type: "int32" as const };
  return block.operation(`stablehlo.iota dim = ${axis} : ${typeText(result)}`, [], result);
}

/**
 * Where along an axis the first of the largest is, int32. Numbers and places are reduced together: where XLA computes
 * the numbers anew for a second look, they are rounded otherwise, and none may equal the largest.
 */
export function largestPlace(block: Block, x: Value, axis: number, shape: Shape): Value {
  const places = counting(block, x.shape, axis);
  const starts = [
    block.constant(Number.NEGATIVE_INFINITY),
    block.constant(0, [], "int32"),
  ] as const;
  const result = { shape, type: "int32" as const };
  const largest = typeText({ shape, type: "float32" });
  const [f, i, b] = ["tensor<f32>", "tensor<i32>", "tensor<i1>"];
  // The names in a region's head are its own. Another number is taken where it is larger, or as large and before.
  const reducer =
    `reducer(%a: ${f}, %c: ${f}) (%at: ${i}, %ct: ${i}) { ` +
    `%more = stablehlo.compare GT, %c, %a : (${f}, ${f}) -> ${b} ` +
    `%same = stablehlo.compare EQ, %c, %a : (${f}, ${f}) -> ${b} ` +
    `%before = stablehlo.compare LT, %ct, %at : (${i}, ${i}) -> ${b} ` +
    `%first = stablehlo.and %same, %before : ${b} %is = stablehlo.or %more, %first : ${b} ` +
    `%v = stablehlo.select %is, %c, %a : ${b}, ${f} %vt = stablehlo.select %is, %ct, %at : ${b}, ${i} ` +
    `stablehlo.return %v, %vt : ${f}, ${i} }`;
  return block.operation(
    `stablehlo.reduce(${x.name} init: ${starts[0].name}), (${places.name} init: ${starts[1].name}) across dimensions = [${axis}] : ` +
      `(${typeText(x)}, ${typeText(places)}, ${f}, ${i}) -> (${largest}, ${typeText(result)}) ${reducer}`,
    [x, places, ...starts],
    result,
    2,
  );
}

/** The slices of `data` along its first axis that the indices name: [n, ...] by int32 [..m] → [..m, ...]. */
export function gather(block: Block, data: Value, indices: Value): Value {
  const rest = data.shape.slice(1);
  const count = sizeOf(indices.shape);
  const column = reshaped(block, indices, [count, 1]);
  const numbers =
    `offset_dims = [${rest.map((_, axis) => axis + 1)}], collapsed_slice_dims = [0], ` +
    "start_index_map = [0], index_vector_dim = 1";
  const result = { shape: [count, ...rest], type: data.type };
  const all = block.operation(
    `"stablehlo.gather"(${data.name}, ${column.name}) <{dimension_numbers = #stablehlo.gather<${numbers}>, ` +
      `slice_sizes = array<i64: ${[1, ...rest].join(", ")}>, indices_are_sorted = false}> : ` +
      `(${typeText(data)}, ${typeText(column)}) -> ${typeText(result)}`,
    [data, column],
    result,
  );
  return reshaped(block, all, [...indices.shape, ...rest]);
}

/** The block of a size that begins where an int32 scalar says along the first axis, and at the first of all others. */
export function sliceAt(block: Block, x: Value, start: Value, size: Shape): Value {
  const zero = block.constant(0, [], "int32");
  const starts = x.shape.map((_, axis) => (axis === 0 ? start : zero));
  return block.call(
    "dynamic_slice",
    [x, ...starts],
    { shape: size, type: x.type },
    `, sizes = [${size}]`,
  );
}

/** A tensor with another written over it from where an int32 scalar says along the first axis. */
export function writeAt(block: Block, x: Value, part: Value, start: Value): Value {
  const zero = block.constant(0, [], "int32");
  const starts = x.shape.map((_, axis) => (axis === 0 ? start : zero));
  return block.call("dynamic_update_slice", [x, part, ...starts], x);
}
