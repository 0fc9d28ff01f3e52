import { type Shape, shapeOps, type TensorOps, type Window2d } from "@bioflax/core";
import type { Block } from "./block";
import { pad } from "./shaping";
import { typeText, type Value } from "./value";

/** A number for each axis of images, given one for each of height and width; `other` for examples and channels. */
const ofAxes = (of: (axis: 0 | 1) => number, other: number) => [other, of(0), of(1), other];

/** The result of an operation over all numbers of each window. Places outside of the images count as `start`. */
function overWindows(
  block: Block,
  x: Value,
  operation: "add" | "maximum",
  start: number,
  { size, strides, dilations, padding }: Window2d,
): Value {
  const shape = shapeOps.maxPool(x.shape, { size, strides, dilations, padding });
  const initial = block.constant(start);
  const list = (numbers: readonly number[]) => `array<i64: ${numbers.join(", ")}>`;
  const sides = [[0, 0], padding[0], padding[1], [0, 0]].map((pair) => `[${pair}]`).join(", ");
  const attributes = [
    `window_dimensions = ${list(ofAxes((axis) => size[axis], 1))}`,
    `window_strides = ${list(ofAxes((axis) => strides[axis], 1))}`,
    `window_dilations = ${list(ofAxes((axis) => dilations[axis], 1))}`,
    `padding = dense<[${sides}]> : tensor<4x2xi64>`,
  ].join(", ");
  const result = { shape, type: "float32" as const };
  // The names in a region's head are its own.
  const region = `({^bb0(%a: tensor<f32>, %b: tensor<f32>): %c = stablehlo.${operation} %a, %b : tensor<f32> stablehlo.return %c : tensor<f32>})`;
  return block.operation(
    `"stablehlo.reduce_window"(${x.name}, ${initial.name}) <{${attributes}}> ${region} : (${typeText(x)}, tensor<f32>) -> ${typeText(result)}`,
    [x, initial],
    result,
  );
}

/** The largest of each window. */
export const maxPool = (block: Block, x: Value, window: Window2d): Value =>
  overWindows(block, x, "maximum", Number.NEGATIVE_INFINITY, window);

/**
 * What is padded around an error, and in between, so that its places lie where a row and column of their windows do.
 */
function spreadOver(
  { strides, padding }: Window2d,
  error: Shape,
  input: Shape,
  first: (axis: 0 | 1) => number,
) {
  const sides = (axis: 0 | 1) => {
    const before = first(axis) - padding[axis][0];
    const places = ((error[1 + axis] as number) - 1) * strides[axis] + 1;
    return { before, after: (input[1 + axis] as number) - before - places };
  };
  return {
    low: ofAxes((axis) => sides(axis).before, 0),
    high: ofAxes((axis) => sides(axis).after, 0),
    interior: ofAxes((axis) => strides[axis] - 1, 0),
  };
}

/**
 * The error at the images, to each window's first largest. Which place of the window that is, is found by going through
 * them; then each place takes back the errors that are its own. No two places add to one number in an order that is
 * left open.
 *
 * The maximum that was pooled is not looked for: where XLA computes the images anew in another fusion, they are rounded
 * otherwise, and equal none.
 */
export function maxPoolGradient(
  block: Block,
  ops: TensorOps<Value>,
  { x, y, error }: { readonly x: Value; readonly y: Value; readonly error: Value },
  window: Window2d,
): Value {
  const { size, strides, dilations, padding } = window;
  const shape = shapeOps.maxPoolGradient(x.shape, y.shape, error.shape, window);
  const around = pad(block, x, Number.NEGATIVE_INFINITY, {
    low: ofAxes((axis) => padding[axis][0], 0),
    high: ofAxes((axis) => padding[axis][1], 0),
  });
  const firsts = Array.from({ length: size[0] * size[1] }, (_, place) => {
    const [row, column] = [Math.floor(place / size[1]), place % size[1]];
    return (axis: 0 | 1) => (axis === 0 ? row : column) * dilations[axis];
  });
  const places = (place: number) => block.constant(place, y.shape, "int32");
  let [largest, at] = [undefined as Value | undefined, places(0)];
  firsts.forEach((first, place) => {
    const seen = strided(block, around, first, strides, y.shape);
    if (largest === undefined) largest = seen;
    else {
      at = ops.where(ops.greater(seen, largest), places(place), at);
      largest = ops.maximum(largest, seen);
    }
  });
  return firsts
    .map((first, place) => {
      const own = ops.where(ops.equal(at, places(place)), error, 0);
      return pad(block, own, 0, spreadOver(window, error.shape, shape, first));
    })
    .reduce((total, part) => ops.add(total, part));
}

/** Every so many rows and columns of images, from the first ones on. */
function strided(
  block: Block,
  x: Value,
  first: (axis: 0 | 1) => number,
  strides: readonly [number, number],
  shape: Shape,
): Value {
  const starts = ofAxes(first, 0);
  const steps = ofAxes((axis) => strides[axis], 1);
  const parts = shape.map((extent, axis) => {
    const [start = 0, step = 1] = [starts[axis], steps[axis]];
    return `${start}:${start + (extent - 1) * step + 1}:${step}`;
  });
  const result = { shape, type: x.type };
  return block.operation(
    `stablehlo.slice ${x.name} [${parts.join(", ")}] : (${typeText(x)}) -> ${typeText(result)}`,
    [x],
    result,
  );
}

/** How many of a window's places are in the images, for each place of it, [1, rows, columns, 1]. */
function counts(block: Block, input: Shape, window: Window2d): Value {
  const [, height, width] = input as [number, number, number, number];
  const ones = block.constant(1, [1, height, width, 1]);
  return overWindows(block, ones, "add", 0, window);
}

/** The mean of each window. */
export function averagePool(
  block: Block,
  ops: TensorOps<Value>,
  x: Value,
  window: Window2d,
): Value {
  return ops.div(overWindows(block, x, "add", 0, window), counts(block, x.shape, window));
}

/** The error at the images: each number's is the sum of the means' errors over the windows that it is in. */
export function averagePoolGradient(
  block: Block,
  ops: TensorOps<Value>,
  error: Value,
  input: Shape,
  window: Window2d,
): Value {
  const { size, dilations } = window;
  shapeOps.averagePoolGradient(error.shape, input, window);
  const shares = ops.div(error, counts(block, input, window));
  // A window over the shares, turned around, that ends where a number is.
  const reach = (axis: 0 | 1) => (size[axis] - 1) * dilations[axis];
  const spread = spreadOver(window, error.shape, input, reach);
  const high = spread.high.map((after, axis) =>
    axis === 1 || axis === 2 ? after + reach((axis - 1) as 0 | 1) : after,
  );
  const around = pad(block, shares, 0, { ...spread, high });
  const still = {
    size,
    dilations,
    strides: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
  } as const;
  return overWindows(block, around, "add", 0, still);
}
