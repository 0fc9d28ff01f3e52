import type { Shape, Window2d } from "@bioflax/core";
import { factored } from "./columns";
import { IMAGES, orient, relabel } from "./layout";
import type { Scope } from "./scope";
import type { Value } from "./value";
import { bordered } from "./windows";

/** Rows of a matrix, as a list of numbers names them. */
function rowsOf(scope: Scope, matrix: Value, rows: readonly number[]): Value {
  const [, columns] = matrix.shape as [number, number];
  const indices = scope.constant(rows, [rows.length], "int32");
  const output = { shape: [rows.length, columns], type: "float32" } as const;
  return scope.node("Gather", [matrix, indices], output, { axis: { int: 0 } });
}

/**
 * The gradient of a kernel without strides, of large images: one product of the images moved down, once for each of the
 * window's rows, with the errors moved across, once for each of its columns.
 *
 * Every row of the window meets every column, so that the product has all of its elements, from rows + columns copies in
 * place of the rows · columns that columns of windows are, as many multiplications but for the border's, and a squarer
 * result, which is multiplied out faster.
 */
export function shiftedKernelGradient(
  scope: Scope,
  x: Value,
  given: Value,
  window: Window2d,
  shape: Shape,
): Value {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const [error, alpha] = factored(given);
  const [batch, rows, columns] = error.shape as [number, number, number, number];
  const [down, across] = window.dilations;
  const images = bordered(scope, orient(scope, x, IMAGES), window.padding);
  const [, tall, wide] = images.shape as [number, number, number, number];
  // Whole rows of an image, one after another, are one stretch of memory.
  const lines = relabel(scope, images, [channels * tall, wide * batch]);
  const movedDown = Array.from({ length: height * channels * rows }, (_, at) => {
    const [row, channel] = [Math.floor(at / (channels * rows)), Math.floor(at / rows) % channels];
    return channel * tall + (at % rows) + row * down;
  });
  // Where a window's column sees an error's place is where the error, moved across, lies on the image.
  const reach = (width - 1) * across;
  const spaced = bordered(scope, orient(scope, error, IMAGES), [
    [0, 0],
    [reach, reach],
  ]);
  const pixels = relabel(scope, spaced, [filters * rows * (columns + 2 * reach), batch]);
  const movedAcross = Array.from({ length: width * filters * rows * wide }, (_, at) => {
    const [column, line] = [
      Math.floor(at / (filters * rows * wide)),
      Math.floor(at / wide) % (filters * rows),
    ];
    return line * (columns + 2 * reach) + (at % wide) + reach - column * across;
  });
  const summed = rows * wide * batch;
  const product = scope.node(
    "Gemm",
    [
      relabel(scope, rowsOf(scope, lines, movedDown), [height * channels, summed]),
      relabel(scope, rowsOf(scope, pixels, movedAcross), [width * filters, summed]),
    ],
    { shape: [height * channels, width * filters], type: "float32" },
    { transB: { int: 1 }, ...(alpha !== 1 && { alpha: { float: alpha } }) },
  );
  return relabel(scope, product, shape, [0, 2, 1, 3]);
}
