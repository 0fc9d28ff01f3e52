import { type Convolution2d, type Shape, shapeOps, sizeOf, type Window2d } from "@bioflax/core";
import { columnsOf, factored, imageMatrix, kernelMatrix } from "./columns";
import {
  groupedConvolution,
  groupedInputGradient,
  groupedKernelGradient,
  isGrouped,
} from "./grouped-convolution";
import { IMAGES, orient, relabel } from "./layout";
import { transposedConvolution, turnedConvolution, wideConvolution } from "./onnx-convolution";
import { extractScale, foldedProduct } from "./products";
import type { Scope } from "./scope";
import { shiftedKernelGradient } from "./shifted-gradient";
import { stridedInputGradient } from "./strided-input-gradient";
import type { Order, Value } from "./value";

/** Columns of more numbers than this fit no cache, and ONNX's own convolution, which makes none, is faster. */
const MANY = 2 ** 22;
/** Columns of more than this are the slower way to a kernel's gradient. */
const VERY_MANY = 2 ** 24;
/** A kernel's axes where its filters lie outermost. */
const FILTERS_FIRST: Order = [3, 0, 1, 2];
/** Fewer channels than this keep ONNX's own convolution from using its vector units. */
const FEW_CHANNELS = 8;

/**
 * Each window times the kernel. Small ones are one product Wᵀ·columns, whose columns the kernel's gradient shares;
 * large ones ONNX's own convolution.
 */
export function conv2d(scope: Scope, x: Value, kernel: Value, window: Convolution2d): Value {
  if (isGrouped(window)) return groupedConvolution(scope, x, kernel, window);
  const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
  const filters = shape[3] as number;
  const places = sizeOf(shape) / filters;
  const taps = sizeOf(kernel.shape) / filters;
  if (places * taps > MANY && window.strides[1] === 1)
    return wideConvolution(scope, x, kernel, window);
  const [weights, alpha] = factored(kernel);
  return foldedProduct(
    scope,
    {
      alpha,
      a: kernelMatrix(scope, weights),
      b: columnsOf(scope, x, window, shape.slice(1, 3)),
      transposeA: true,
      transposeB: false,
      folded: [filters, places],
    },
    { shape, order: IMAGES },
  );
}

/** The gradient of the kernel: one product columns·eᵀ, or of fewer and larger copies where that is faster. */
export function conv2dKernelGradient(
  scope: Scope,
  x: Value,
  error: Value,
  window: Convolution2d,
): Value {
  if (isGrouped(window)) return groupedKernelGradient(scope, x, error, window);
  const shape = shapeOps.conv2dKernelGradient(x.shape, error.shape, window);
  const filters = shape[3] as number;
  const taps = sizeOf(shape) / filters;
  const hasStrides = window.strides.some((stride) => stride > 1);
  if (!hasStrides && (taps * sizeOf(error.shape)) / filters > VERY_MANY)
    return shiftedKernelGradient(scope, x, error, window, shape);
  const [plain, alpha] = factored(error);
  const columns = columnsOf(scope, x, window, error.shape.slice(1, 3));
  const errors = imageMatrix(scope, plain);
  const product = { alpha, transposeA: false, transposeB: true };
  // The longer side stands on the left: threads share it out, and would sum in other groups where that is the right one.
  return taps < filters
    ? foldedProduct(
        scope,
        { ...product, a: errors, b: columns, folded: [filters, taps] },
        { shape, order: FILTERS_FIRST },
      )
    : foldedProduct(
        scope,
        { ...product, a: columns, b: errors, folded: [taps, filters] },
        { shape },
      );
}

/** The error at the input of a convolution. */
export function conv2dInputGradient(
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  window: Convolution2d,
): Value {
  shapeOps.conv2dInputGradient(error.shape, kernel.shape, input, window);
  if (isGrouped(window)) return groupedInputGradient(scope, error, kernel, input, window);
  if (window.strides.some((stride) => stride > 1))
    return window.dilations.some((dilation) => dilation > 1)
      ? transposedConvolution(scope, error, kernel, input, window)
      : stridedInputGradient(scope, error, kernel, input, window, (...convolution) =>
          conv2d(scope, ...convolution),
        );
  const [, height, width, channels] = input as [number, number, number, number];
  const [, rows, columns] = error.shape as [number, number, number, number];
  // Turned round, a kernel sees every place of the input, of which a valid convolution has many more than of its
  // result.
  const seesMore = height * width > 1.3 * rows * columns;
  return scope.has("Col2Im") && (channels < FEW_CHANNELS || seesMore)
    ? columnsBack(scope, error, kernel, input, window)
    : turnedConvolution(scope, error, kernel, window);
}

/**
 * Without strides: the error at the columns, W·e, added up where they came from, the images of the batch read as one
 * wide image, as they lie, in which the window's columns are as many pixels apart as there are images.
 */
function columnsBack(
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  { size, dilations, padding: [rows, columns] }: Window2d,
): Value {
  const [batch, height, width, channels] = input as [number, number, number, number];
  const { a: weights, b: errors, scale } = extractScale(kernel, error);
  const filters = kernel.shape[3] as number;
  const matrix = [sizeOf(kernel.shape) / filters, filters];
  const b = imageMatrix(scope, errors);
  const folded = [matrix[0] as number, b.shape[1] as number];
  const sent = foldedProduct(
    scope,
    {
      alpha: scale,
      // Channel by channel, as Col2Im takes them.
      a: relabel(scope, orient(scope, weights, [2, 0, 1, 3]), matrix),
      b,
      transposeA: false,
      transposeB: false,
      folded,
    },
    { shape: [1, ...folded] },
  );
  const image = scope.node(
    "Col2Im",
    [
      sent,
      scope.constant([height, width * batch], [2], "int64"),
      scope.constant(size, [2], "int64"),
    ],
    { shape: [1, channels, height, width * batch], type: "float32" },
    {
      dilations: { ints: [dilations[0], dilations[1] * batch] },
      pads: { ints: [rows[0], columns[0] * batch, rows[1], columns[1] * batch] },
      strides: { ints: [1, 1] },
    },
  );
  return relabel(scope, image, input, IMAGES);
}
