import { type Shape, sameShape, sizeOf } from "@bioflax/core";
import type { Scope } from "./scope";
import {
  type Blocks,
  type BlockUse,
  type ElementType,
  type Layout,
  type Order,
  onnxType,
  type Padding,
  paddedTo,
  type Stretch,
  storedShape,
  TRANSPOSED,
  type Value,
  withoutHints,
} from "./value";

/**
 * Where ONNX Runtime keeps the operators of its blocked convolutions: `ReorderInput` brings images into blocks of
 * channels, `ReorderOutput` brings them back, and `Conv` convolves them as they lie.
 */
export const BLOCKS_DOMAIN = "com.microsoft.nchwc";

type Axis = Blocks["axis"];

const other = (axis: Axis): Axis => (axis === 0 ? 1 : 0);

/** A value's elements, as they lie, under a shape of memory. */
export function stored(scope: Scope, x: Value, shape: Shape): Value {
  const target = scope.constant(shape, [shape.length], "int64");
  return scope.node("Reshape", [x, target], { shape, type: x.type });
}

/** Memory that is to be taken for a value. */
function taken(scope: Scope, memory: Value, shape: Shape, blocks: Blocks): Value {
  const target = storedShape({ shape, blocks });
  const dimensions = scope.constant(target, [target.length], "int64");
  return scope.node("Reshape", [memory, dimensions], { shape, type: memory.type, blocks });
}

/** A conversion of floats, for a value of any type. */
function asFloats(scope: Scope, x: Value, conversion: (floats: Value) => Value): Value {
  if (x.type === "float32") return conversion(x);
  const cast = (from: Value, type: ElementType) =>
    scope.node("Cast", [from], { ...from, type }, { to: { int: onnxType[type] } });
  return cast(conversion(cast(x, "float32")), x.type);
}

/** A matrix or vector in blocks along an axis, its last ones filled up with zeros. */
export function inBlocks(scope: Scope, given: Value, axis: Axis): Value {
  if (given.blocks?.axis === axis) return withZeros(scope, given);
  return asFloats(scope, given, (x) => floatsInBlocks(scope, x, axis));
}

function floatsInBlocks(scope: Scope, x: Value, axis: Axis): Value {
  const { size } = x.blocks ?? (scope.blocks as BlockUse);
  const known = withoutHints(x);
  if (x.blocks !== undefined) return relayout(scope, { ...known, blocks: x.blocks });
  const { shape } = x;
  const blocks: Blocks = { axis, size, padding: "zeros" };
  const memory = { ...known, shape: storedShape(x), order: undefined };
  const wanted = memory.shape.map((extent) => paddedTo(extent, size));
  if (shape.length === 1) return taken(scope, filled(scope, memory, wanted), shape, blocks);
  // Channels are rows of memory, or the numbers of a row.
  const areRows = axis === (x.order === undefined ? 0 : 1);
  if (!areRows && wanted[1] === size)
    return taken(scope, filled(scope, memory, wanted), shape, blocks);
  // The operator fills channels up itself, from any multiple of 4.
  const channels = memory.shape[areRows ? 0 : 1] as number;
  if (channels % 4 === 0) wanted[areRows ? 0 : 1] = channels;
  const lacksRows = !areRows && wanted[1] === shape[1] && wanted[0] !== shape[0];
  const readOn = lacksRows && x.stretch !== undefined;
  const lying = readOn
    ? withRowsBehind(scope, x.stretch, shape, wanted)
    : filled(scope, memory, wanted);
  const [, , ...pixels] = storedShape({ shape, blocks });
  const [rows, columns] = lying.shape as [number, number];
  const image = areRows ? [1, rows, ...pixels] : [1, ...pixels, columns];
  return scope.node(
    `${BLOCKS_DOMAIN}:ReorderInput`,
    [stored(scope, lying, image)],
    { shape, type: x.type, blocks: readOn ? { ...blocks, padding: "finite" } : blocks },
    { channels_last: { int: Number(!areRows) } },
  );
}

/**
 * A matrix that is a stretch of a table, filled up to so many rows with what follows it in the table, which costs no
 * pass as zeros do.
 */
function withRowsBehind(scope: Scope, { table, start }: Stretch, shape: Shape, wanted: Shape) {
  const missing = sizeOf(wanted) - sizeOf(shape);
  const [length] = table.shape as [number];
  // Where a stretch ends with the table, zeros follow.
  const amounts = scope.constant([0, missing], [2], "int64");
  const longer = scope.node("Pad", [table, amounts], {
    shape: [length + missing],
    type: table.type,
  });
  const size = scope.constant([sizeOf(wanted)], [1], "int64");
  const end = scope.node("Add", [start, size], { shape: [1], type: "int64" });
  const read = { shape: [sizeOf(wanted)], type: table.type };
  return stored(scope, scope.node("Slice", [longer, start, end], read), wanted);
}

/** Memory with zeros after each axis, up to the extents that are wanted. */
function filled(scope: Scope, memory: Value, wanted: Shape): Value {
  if (sameShape(memory.shape, wanted)) return memory;
  const missing = wanted.map((extent, axis) => extent - (memory.shape[axis] as number));
  const amounts = [...missing.map(() => 0), ...missing];
  const amount = scope.constant(amounts, [amounts.length], "int64");
  return scope.node("Pad", [memory, amount], { shape: wanted, type: memory.type });
}

/** A matrix in blocks along its other axis. */
function relayout(scope: Scope, x: Value & { readonly blocks: Blocks }): Value {
  const { shape, type } = x;
  const { size, padding } = x.blocks;
  const [, channels, ...image] = storedShape(x) as [number, number, number, number];
  const blocks: Blocks = { axis: other(x.blocks.axis), size, padding };
  const [, , ...turnedImage] = storedShape({ shape, blocks });
  const rows = scope.node(
    `${BLOCKS_DOMAIN}:ReorderOutput`,
    [x],
    { shape: [1, channels, ...image], type },
    { channels: { int: channels } },
  );
  const pixels = image[0] * image[1];
  const result = scope.node(
    `${BLOCKS_DOMAIN}:ReorderInput`,
    [stored(scope, rows, [1, ...turnedImage, pixels])],
    { shape, type, blocks },
    { channels_last: { int: 1 } },
  );
  return withZeros(scope, result);
}

/**
 * A value as it lies without blocks, in the order that is asked for, which a matrix may lie in either way at no further
 * cost.
 */
export function outOfBlocks(scope: Scope, given: Value, order?: Order): Value {
  if (given.blocks === undefined) return given;
  return asFloats(scope, given, (x) => floatsOutOfBlocks(scope, x, order));
}

function floatsOutOfBlocks(scope: Scope, x: Value, order?: Order): Value {
  const { shape, type } = x;
  const blocks = x.blocks as Blocks;
  if (shape.length === 1) {
    const [many, size] = storedShape(x) as [number, number];
    return trimmed(scope, stored(scope, x, [many * size]), shape);
  }
  const channelsLast = (order === undefined) === (blocks.axis === 1);
  const [, all, ...image] = storedShape(x) as [number, number, number, number];
  const pixels = image[0] * image[1];
  const channels = shape[blocks.axis] as number;
  const lying = order === undefined ? shape : TRANSPOSED.map((axis) => shape[axis] as number);
  if (channelsLast && all === blocks.size)
    return { ...trimmed(scope, stored(scope, x, [pixels, all]), lying), shape, order };
  const memory = scope.node(
    `${BLOCKS_DOMAIN}:ReorderOutput`,
    [x],
    { shape: channelsLast ? [1, ...image, channels] : [1, channels, ...image], type },
    { channels: { int: channels }, channels_last: { int: Number(channelsLast) } },
  );
  const matrix = stored(scope, memory, channelsLast ? [pixels, channels] : [channels, pixels]);
  return { ...trimmed(scope, matrix, lying), shape, order };
}

/** The first numbers of each axis. */
function trimmed(scope: Scope, x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  const bounds = [shape.map(() => 0), shape].map((values) =>
    scope.constant(values, [values.length], "int64"),
  );
  return scope.node("Slice", [x, ...bounds], { shape, type: x.type });
}

/** The value with zeros where its axes are filled up. */
export function withZeros(scope: Scope, x: Value): Value {
  const { blocks, shape } = x;
  if (blocks === undefined || blocks.padding === "zeros" || x.type !== "float32") return x;
  const zeros: Blocks = { ...blocks, padding: "zeros" };
  if (shape.every((extent) => extent % blocks.size === 0)) return { ...x, blocks: zeros };
  const { type } = x;
  // Ones where the value is, expanded outside of any loop; brought into blocks, they are followed by zeros.
  const extents = scope.constant(shape, [shape.length], "int64");
  const ones = scope.node("Expand", [scope.constant([1], []), extents], { shape, type });
  const mask = inBlocks(scope, ones, blocks.axis);
  const result = { shape, type, blocks: zeros };
  if (blocks.padding === "finite") return scope.node("Mul", [x, mask], result);
  const isInside = scope.node("Greater", [mask, scope.constant([0], [])], {
    ...result,
    type: "bool",
  });
  return scope.node("Where", [isInside, x, scope.constant([0], [])], result);
}

const finiteFromFinite = new Set([
  ...["Neg", "Abs", "Tanh", "Relu", "Clip", "Add", "Sub", "Mul", "Max", "Min", "Where"],
  ...["Sigmoid", "Erf", "Greater", "Equal"],
]);
const zerosFromZeros = new Set([
  ...["Neg", "Abs", "Sqrt", "Tanh", "Erf", "Relu", "Clip", "Add", "Sub", "Mul", "Max", "Min"],
  "Where",
]);

/** How the result of an elementwise operation lies, on values that lie as the layout says. */
export function layoutAfter(
  op: string,
  values: readonly Value[],
  { order, blocks }: Layout,
): Layout {
  return blocks === undefined
    ? { order }
    : { blocks: { ...blocks, padding: paddingOf(op, values) } };
}

/** What an elementwise operation on values in blocks leaves where they are filled up; a scalar counts as finite. */
function paddingOf(op: string, values: readonly Value[]): Padding {
  // What a condition is filled up with only chooses between two paddings.
  const decisive = op === "Where" ? values.slice(1) : values;
  const paddings = decisive.map(({ blocks }) => blocks?.padding ?? "finite");
  const areFinite = !paddings.includes("anything");
  if (paddings.every((padding) => padding === "zeros") && zerosFromZeros.has(op)) return "zeros";
  if (op === "Mul" && areFinite && paddings.includes("zeros")) return "zeros";
  return areFinite && finiteFromFinite.has(op) ? "finite" : "anything";
}

/**
 * Operands of one elementwise operation that lie in blocks, brought into the same ones: along columns where one lies
 * so.
 *
 * @returns undefined where none lies in blocks, or they are not scalars and tensors of one shape.
 */
export function togetherInBlocks(
  scope: Scope,
  operands: readonly Value[],
): { values: readonly Value[]; blocks: Blocks } | undefined {
  const inThem = operands.flatMap(({ blocks }) => blocks ?? []);
  const tensors = operands.filter(({ shape }) => shape.length > 0);
  const isOneShape = tensors.every(({ shape }) => sameShape(shape, tensors[0]?.shape as Shape));
  const guide = inThem.find(({ axis }) => axis === 1) ?? inThem[0];
  if (guide === undefined || !isOneShape) return undefined;
  const values = operands.map((x) =>
    x.shape.length === 0 || x.blocks?.axis === guide.axis ? x : inBlocks(scope, x, guide.axis),
  );
  return { values, blocks: guide };
}

/**
 * The sum of a matrix in blocks over its rows, a vector in blocks, or of any value over everything; undefined for other
 * sums.
 */
export function sumInBlocks(scope: Scope, x: Value, axes: readonly number[]): Value | undefined {
  const { blocks, shape, type } = x;
  if (blocks === undefined) return undefined;
  const reduce = (
    memory: Value,
    axis: readonly number[],
    result: Pick<Value, "shape" | "blocks">,
  ) =>
    scope.node(
      "ReduceSum",
      [memory, scope.constant(axis, [axis.length], "int64")],
      { ...result, type },
      { keepdims: { int: 0 } },
    );
  const clean = withZeros(scope, x);
  if (axes.length === shape.length)
    return reduce(
      clean,
      storedShape(clean).map((_, axis) => axis),
      { shape: [] },
    );
  if (shape.length !== 2 || blocks.axis !== 1 || axes[0] !== 0) return undefined;
  const [, channels, ...image] = storedShape(x) as [number, number, number, number];
  const { size } = blocks;
  const slabs = stored(scope, clean, [channels / size, image[0] * image[1], size]);
  const vector: Blocks = { axis: 0, size, padding: "zeros" };
  const sums = reduce(slabs, [1], { shape: [shape[1] as number], blocks: vector });
  return { ...sums, sumOf: x };
}
