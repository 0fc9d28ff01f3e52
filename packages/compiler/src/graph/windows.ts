import { type Pair, type Shape, type Window2d, windowShape } from "@bioflax/core";
import type { Attributes } from "./encode";
import { IMAGES, orient, relabel } from "./layout";
import type { Scope } from "./scope";
import { storedShape, type Value } from "./value";

/** A node whose result lies as images do. */
export function imageNode(
  scope: Scope,
  op: string,
  inputs: readonly Value[],
  shape: Shape,
  attributes: Attributes = {},
): Value {
  return scope.node(op, inputs, { shape, type: "float32", order: IMAGES }, attributes);
}

/** Images with a border of one value; a border of negative width is cut off. */
export function bordered(
  scope: Scope,
  x: Value,
  [[top, bottom], [left, right]]: readonly [Pair, Pair],
  value = 0,
): Value {
  if ([top, bottom, left, right].every((width) => width === 0)) return x;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const amounts = scope.constant([0, top, left, 0, 0, bottom, right, 0], [8], "int64");
  const inputs = [x, amounts, ...(value === 0 ? [] : [scope.constant([value], [])])];
  const shape = [batch, top + height + bottom, left + width + right, channels];
  return imageNode(scope, "Pad", inputs, shape);
}

/** A tensor that lies as its shape says, with two of its axes in the opposite order. */
export function turnedRound(scope: Scope, x: Value, along: Pair): Value {
  const ends = along.map((axis) => -(x.shape[axis] as number) - 1);
  const [last, first, axes] = [[-1, -1], ends, along].map((values) =>
    scope.constant(values, [2], "int64"),
  ) as [Value, Value, Value];
  return scope.node("Slice", [x, last, first, axes, last], { shape: x.shape, type: x.type });
}

/** Where each element of a window lies in it, row by row: [row, column]. */
export function tapsOf({ size }: Window2d): Pair[] {
  return Array.from(
    { length: size[0] * size[1] },
    (_, tap): Pair => [Math.floor(tap / size[1]), tap % size[1]],
  );
}

/**
 * What each element of a window sees at all places, element by element: [batch, rows, columns, channels] each.
 *
 * @param border what stands in the padding.
 */
export function seenByTaps(scope: Scope, x: Value, window: Window2d, border: number): Value[] {
  const { strides, dilations, padding } = window;
  const shape = windowShape("window", x.shape, window);
  const [, rows, columns] = shape as [number, number, number];
  const images = bordered(scope, orient(scope, x, IMAGES), padding, border);
  const axes = scope.constant([1, 2], [2], "int64");
  return tapsOf(window).map(([row, column]) => {
    const from = [row * dilations[0], column * dilations[1]] as const;
    const to = [
      from[0] + (rows - 1) * strides[0] + 1,
      from[1] + (columns - 1) * strides[1] + 1,
    ] as const;
    const bounds = [from, to].map((values) => scope.constant(values, [2], "int64"));
    const steps = strides.every((stride) => stride === 1)
      ? []
      : [scope.constant(strides, [2], "int64")];
    return imageNode(scope, "Slice", [images, ...bounds, axes, ...steps], shape);
  });
}

/** Whether windows lie side by side from the image's corner on, so that no pixel is in two of them. */
function tiles({ size, strides, dilations, padding }: Window2d): boolean {
  const [rows, columns] = [0, 1] as const;
  return [rows, columns].every(
    (axis) => size[axis] === strides[axis] && dilations[axis] === 1 && padding[axis][0] === 0,
  );
}

/** Tiles put next to each other: the images whose windows see them. */
function joined(scope: Scope, seen: readonly Value[], input: Shape, { size }: Window2d): Value {
  const [batch, rows, columns, channels] = (seen[0] as Value).shape as [
    number,
    number,
    number,
    number,
  ];
  const concat = (parts: readonly Value[], axis: number, shape: Shape) =>
    parts.length === 1
      ? (parts[0] as Value)
      : scope.node("Concat", parts, { shape, type: "float32" }, { axis: { int: axis } });
  const tile = [channels, rows, 1, columns, 1, batch];
  const lines = Array.from({ length: size[0] }, (_, row) => {
    const line = seen
      .slice(row * size[1], (row + 1) * size[1])
      .map((one) => relabel(scope, one, tile));
    return concat(line, 4, [channels, rows, 1, columns, size[1], batch]);
  });
  const image = concat(lines, 2, [channels, rows, size[0], columns, size[1], batch]);
  const covered = [batch, rows * size[0], columns * size[1], channels];
  const [height, width] = [input[1] as number, input[2] as number];
  return bordered(scope, relabel(scope, image, covered, IMAGES), [
    [0, height - rows * size[0]],
    [0, width - columns * size[1]],
  ]);
}

/**
 * The transpose of {@link seenByTaps}: every pixel's sum of what the windows that see it send back.
 *
 * @param sent for each element of the window, [batch, rows, columns, channels].
 * @param input shape of the images.
 */
export function sentByTaps(
  scope: Scope,
  sent: readonly Value[],
  input: Shape,
  window: Window2d,
): Value {
  const images = sent.map((one) => orient(scope, one, IMAGES));
  if (tiles(window)) return joined(scope, images, input, window);
  const { strides, dilations, padding } = window;
  const [batch, height, width, channels] = input as [number, number, number, number];
  const spread = images.map((one, tap) => {
    const [, rows, columns] = one.shape as [number, number, number, number];
    const [row, column] = tapsOf(window)[tap] as Pair;
    const apart = spaced(scope, one, strides);
    const side = (axis: 0 | 1, at: number, extent: number, count: number): Pair => {
      const before = at * dilations[axis] - padding[axis][0];
      return [before, extent - before - count * strides[axis]];
    };
    return bordered(scope, apart, [side(0, row, height, rows), side(1, column, width, columns)]);
  });
  return spread.length === 1
    ? (spread[0] as Value)
    : imageNode(scope, "Sum", spread, [batch, height, width, channels]);
}

/** Images whose pixels are moved apart by strides, with zeros between and after them. */
export function spaced(scope: Scope, x: Value, [down, across]: Pair): Value {
  if (down === 1 && across === 1) return x;
  const [channels, rows, columns, batch] = storedShape(x) as [number, number, number, number];
  const apart = relabel(scope, x, [channels, rows, 1, columns, 1, batch]);
  const amounts = scope.constant(
    [0, 0, 0, 0, 0, 0, 0, 0, down - 1, 0, across - 1, 0],
    [12],
    "int64",
  );
  const padded = scope.node("Pad", [apart, amounts], {
    shape: [channels, rows, down, columns, across, batch],
    type: "float32",
  });
  return relabel(scope, padded, [batch, rows * down, columns * across, channels], IMAGES);
}
