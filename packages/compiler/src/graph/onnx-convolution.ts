import { type Convolution2d, type Pair, type Shape, shapeOps, type Window2d } from "@bioflax/core";
import { blockedConvolution, fitsBlocks } from "./blocked-convolution";
import { IMAGES, orient, relabel, straight } from "./layout";
import type { Scope } from "./scope";
import type { Order, Value } from "./value";
import { turnedRound } from "./windows";

/** Kernels as ONNX's own convolutions have them: filters, channels, rows, columns. */
export const ONNX_KERNEL: Order = [3, 2, 0, 1];
/** Images as ONNX's own convolutions have them: batch, channels, rows, columns. */
export const ONNX_IMAGES: Order = [0, 3, 1, 2];

/** A window's attributes as ONNX has them. */
export const attributesOf = ({
  strides,
  dilations,
  padding: [rows, columns],
  groups = 1,
}: Convolution2d) => ({
  strides: { ints: strides },
  dilations: { ints: dilations },
  pads: { ints: [rows[0], columns[0], rows[1], columns[1]] },
  ...(groups > 1 && { group: { int: groups } }),
});

/**
 * ONNX's own convolution, which needs no memory for columns, of a window without strides across; in blocks of channels
 * where it can be.
 *
 * It reads the images of a batch as one wide image, as they lie, pixel by pixel side by side: the window's columns are
 * then as many pixels apart as there are images.
 */
export function wideConvolution(
  scope: Scope,
  x: Value,
  kernel: Value,
  window: Convolution2d,
): Value {
  const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [, rows, columns, filters] = shape as [number, number, number, number];
  const wide = relabel(scope, orient(scope, x, IMAGES), [1, channels, height, width * batch]);
  const [down, [left, right]] = window.padding;
  const attributes = attributesOf({
    ...window,
    dilations: [window.dilations[0], window.dilations[1] * batch],
    padding: [down, [left * batch, right * batch]],
  });
  const result = [1, filters, rows, columns * batch];
  const seen =
    (window.groups ?? 1) === 1 && fitsBlocks(scope, kernel)
      ? blockedConvolution(scope, wide, kernel, result, attributes)
      : scope.node(
          "Conv",
          [wide, orient(scope, kernel, ONNX_KERNEL)],
          { shape: result, type: "float32" },
          attributes,
        );
  return relabel(scope, seen, shape, IMAGES);
}

/**
 * The error at the input of a convolution without strides, as the convolution of the error with the kernel turned
 * round.
 */
export function turnedConvolution(
  scope: Scope,
  error: Value,
  kernel: Value,
  window: Window2d,
): Value {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const turned = turnedRound(scope, straight(scope, kernel), [0, 1]);
  // Its filters are then the channels that come in.
  const swapped = relabel(scope, turned, [height, width, filters, channels], [0, 1, 3, 2]);
  const rest = (axis: 0 | 1): Pair => {
    const span = (window.size[axis] - 1) * window.dilations[axis];
    const [before, after] = window.padding[axis];
    return [span - before, span - after];
  };
  return wideConvolution(scope, error, swapped, { ...window, padding: [rest(0), rest(1)] });
}

/** The error at the input of any convolution. Put back at once, so that not everything that reads it does so. */
export const transposedConvolution = (
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  window: Convolution2d,
): Value => orient(scope, onnxTransposed(scope, error, kernel, input, window), IMAGES);

/** The same as ONNX's own transposed convolution leaves it. */
export function onnxTransposed(
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  window: Convolution2d,
): Value {
  const { size, strides, dilations, padding } = window;
  const left = ([0, 1] as const).map((axis) => {
    const [before, after] = padding[axis];
    const places = error.shape[axis + 1] as number;
    const reach = (places - 1) * strides[axis] + (size[axis] - 1) * dilations[axis] + 1;
    return (input[axis + 1] as number) + before + after - reach;
  });
  return scope.node(
    "ConvTranspose",
    [orient(scope, error, ONNX_IMAGES), orient(scope, kernel, ONNX_KERNEL)],
    { shape: input, type: "float32", order: ONNX_IMAGES },
    { ...attributesOf(window), output_padding: { ints: left } },
  );
}
