import { type Convolution2d, type Pair, type Shape, shapeOps } from "@bioflax/core";
import { IMAGES, orient, relabel } from "./layout";
import { attributesOf, ONNX_IMAGES, ONNX_KERNEL, wideConvolution } from "./onnx-convolution";
import type { Scope } from "./scope";
import type { Order, Value } from "./value";
import { bordered, spaced, turnedRound } from "./windows";

/** Convolutions in groups, each one of ONNX's own. */

/** Whether a convolution is in several groups. */
export const isGrouped = ({ groups = 1 }: Convolution2d): boolean => groups > 1;

/** Each window times the kernel of its group. */
export function groupedConvolution(
  scope: Scope,
  x: Value,
  kernel: Value,
  window: Convolution2d,
): Value {
  if (window.strides[1] === 1) return wideConvolution(scope, x, kernel, window);
  const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
  const inputs = [orient(scope, x, ONNX_IMAGES), orient(scope, kernel, ONNX_KERNEL)];
  const output = { shape, type: "float32" as const, order: ONNX_IMAGES };
  const seen = scope.node("Conv", inputs, output, attributesOf(window));
  return orient(scope, seen, IMAGES);
}

/**
 * A kernel turned round, with channels and filters in each other's place, those of a group with each other: [height,
 * width, channels of a group, filters] → [height, width, filters of a group, channels].
 */
function turned(scope: Scope, kernel: Value, groups: number): Value {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const each = filters / groups;
  const lying = [groups, each, channels, height, width];
  const apart = relabel(scope, orient(scope, kernel, ONNX_KERNEL), lying);
  const shape = [groups * channels, each, height, width];
  const swapped = relabel(scope, orient(scope, apart, [0, 2, 1, 3, 4]), shape);
  const round = turnedRound(scope, swapped, [2, 3]);
  return relabel(scope, round, [height, width, each, groups * channels], ONNX_KERNEL);
}

/**
 * The error at the input: its places as far apart as the windows were, under the kernel turned round. Not by ONNX's
 * transposed convolution, which in groups comes out wrong on WebGPU (ONNX Runtime 1.30).
 */
export function groupedInputGradient(
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  { size, strides, dilations, padding, groups = 1 }: Convolution2d,
): Value {
  const errors = spaced(scope, orient(scope, error, IMAGES), strides);
  const around = ([0, 1] as const).map((axis): Pair => {
    const reach = (size[axis] - 1) * dilations[axis];
    const before = reach - padding[axis][0];
    const [extent, places] = [input[axis + 1] as number, errors.shape[axis + 1] as number];
    return [before, extent + reach - places - before];
  }) as [Pair, Pair];
  const inside = around.map((pair) => pair.map((count) => Math.min(0, count)));
  const outside = around.map((pair) => pair.map((count) => Math.max(0, count)));
  return wideConvolution(
    scope,
    bordered(scope, errors, inside as unknown as [Pair, Pair]),
    turned(scope, kernel, groups),
    { size, strides: [1, 1], dilations, padding: outside as unknown as [Pair, Pair], groups },
  );
}

/** Images whose examples lie where ONNX has channels, and the other way round. */
const TURNED: Order = [3, 0, 1, 2];

/**
 * The gradient of the kernel, as a convolution in as many groups of what the channels of a group are as examples, and
 * the examples as channels: its kernel is the error.
 */
export function groupedKernelGradient(
  scope: Scope,
  x: Value,
  error: Value,
  window: Convolution2d,
): Value {
  const { groups = 1, size, strides, dilations, padding } = window;
  const shape = shapeOps.conv2dKernelGradient(x.shape, error.shape, window);
  const [batch, height, width] = x.shape as [number, number, number];
  const [, rows, columns] = error.shape as [number, number, number];
  const [, , channels, filters] = shape as [number, number, number, number];
  // Channel by channel of the groups: of one channel each, that is how they lie.
  const apart = relabel(scope, orient(scope, x, TURNED), [groups, channels, batch, height, width]);
  const images = relabel(scope, orient(scope, apart, [1, 0, 2, 3, 4]), [
    ...[channels, groups * batch, height, width],
  ]);
  const kernel = relabel(scope, orient(scope, error, TURNED), [filters, batch, rows, columns]);
  /** How much is added after the image, and how many rows or columns then come out. */
  const along = (axis: 0 | 1) => {
    const places = ([rows, columns] as const)[axis];
    const extent = ([height, width] as const)[axis];
    const reach = (places - 1) * strides[axis] + 1;
    const [before] = padding[axis];
    const after = Math.max(0, (size[axis] - 1) * dilations[axis] + reach - extent - before);
    const seen = Math.floor((extent + before + after - reach) / dilations[axis]) + 1;
    return { around: [before, after] as Pair, seen };
  };
  const [down, across] = [along(0), along(1)];
  const seen = scope.node(
    "Conv",
    [images, kernel],
    { shape: [channels, filters, down.seen, across.seen], type: "float32" },
    attributesOf({
      size: [rows, columns],
      strides: dilations,
      dilations: strides,
      padding: [down.around, across.around],
      groups,
    }),
  );
  const order: Order = [2, 3, 0, 1];
  if (down.seen === size[0] && across.seen === size[1]) return relabel(scope, seen, shape, order);
  const [from, to, axes] = [[0, 0], size, [2, 3]].map((values) =>
    scope.constant(values, [2], "int64"),
  ) as [Value, Value, Value];
  const cut = { shape: [channels, filters, ...size], type: "float32" as const };
  return relabel(scope, scope.node("Slice", [seen, from, to, axes], cut), shape, order);
}
