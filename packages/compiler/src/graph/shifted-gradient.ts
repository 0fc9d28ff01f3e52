import type { Shape, Window2d } from "@bioflax/core";
import { batchProduct } from "./batch-products";
import { factored, stretchesOf } from "./columns";
import { IMAGES, orient, relabel, straight } from "./layout";
import { scaledBy } from "./products";
import type { Scope } from "./scope";
import type { Value } from "./value";
import { bordered } from "./windows";

/**
 * The gradient of a kernel without strides, of large images: products of the images moved down, once for each of the
 * window's rows, with the errors moved across, once for each of its columns, one for each row of the errors, and their
 * sum.
 *
 * Every row of the window meets every column, so that a product has all of its elements, from rows + columns copies in
 * place of the rows · columns that columns of windows are, and a squarer result, which is multiplied out faster. A
 * product a row is what threads share out; what one of them multiplies stays in its cache.
 */
export function shiftedKernelGradient(
  scope: Scope,
  x: Value,
  given: Value,
  window: Window2d,
  shape: Shape,
): Value {
  const [height, width, channels, filters] = shape as [number, number, number, number];
  const [error, factor] = factored(given);
  const [batch, rows, columns] = error.shape as [number, number, number, number];
  const [down, across] = window.dilations;
  const images = orient(scope, x, IMAGES);
  const [, tall, wide] = images.shape as [number, number, number, number];
  // Whole rows of an image, one after another, are one stretch of memory.
  const lines = relabel(scope, images, [channels * tall, wide * batch]);
  const copies = Array.from({ length: rows * height * channels }, (_, at) => {
    const [row, channel] = [Math.floor(at / channels) % height, at % channels];
    const line = Math.floor(at / (height * channels)) + row * down - window.padding[0][0];
    return { channel, line, isInside: line >= 0 && line < tall };
  });
  // What stands for rows of the border is in no sum.
  const movedDown = copies.map(
    ({ channel, line, isInside }) => channel * tall + (isInside ? line : 0),
  );
  const isInside = copies.map((copy) => Number(copy.isInside));
  // Where a window's column sees an error's place is where the error, moved across, lies on the image.
  const left = window.padding[1][0];
  const before = Math.max(0, (width - 1) * across - left);
  const after = Math.max(0, wide + left - columns);
  const errors = bordered(scope, orient(scope, error, IMAGES), [
    [0, 0],
    [before, after],
  ]);
  const reach = before + columns + after;
  const pixels = relabel(scope, errors, [filters * rows * reach, batch]);
  const movedAcross = Array.from({ length: rows * width * filters * wide }, (_, at) => {
    const filter = Math.floor(at / wide) % filters;
    const column = Math.floor(at / (wide * filters)) % width;
    const row = Math.floor(at / (wide * filters * width));
    return (filter * rows + row) * reach + before + left + (at % wide) - column * across;
  });
  const summed = wide * batch;
  const products = batchProduct(
    scope,
    relabel(scope, stretchesOf(scope, lines, movedDown), [rows, height * channels, summed]),
    relabel(scope, stretchesOf(scope, pixels, movedAcross), [rows, width * filters, summed]),
    { transposeB: true },
  );
  const counted = isInside.includes(0)
    ? scope.node(
        "Mul",
        [straight(scope, products), scope.constant(isInside, [rows, height * channels, 1])],
        { shape: products.shape, type: "float32" },
      )
    : straight(scope, products);
  const product = scope.node(
    "ReduceSum",
    [counted, scope.constant([0], [1], "int64")],
    { shape: [height * channels, width * filters], type: "float32" },
    { keepdims: { int: 0 } },
  );
  return scaledBy(scope, relabel(scope, product, shape, [0, 2, 1, 3]), factor);
}
