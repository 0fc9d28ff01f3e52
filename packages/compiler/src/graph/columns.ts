import { type Shape, sizeOf, type Window2d } from "@bioflax/core";
import { IMAGES, orient, relabel, straight } from "./layout";
import type { Scope } from "./scope";
import type { Value } from "./value";
import { bordered, tapsOf } from "./windows";

/**
 * Every window of every image as a column, [height·width·channels of the window, rows·columns·batch]: a convolution is
 * then one matrix product, and so is the gradient of its kernel, which reads the same columns.
 *
 * A pixel of a channel is one stretch of memory, a number an image, so that the columns are gathered stretch by
 * stretch.
 *
 * @param places rows and columns of what the windows see.
 */
export function columnsOf(scope: Scope, x: Value, window: Window2d, places: Shape): Value {
  const [rows, columns] = places as [number, number];
  const [batch, , , channels] = x.shape as [number, number, number, number];
  const images = bordered(scope, orient(scope, x, IMAGES), window.padding);
  const [, height, width] = images.shape as [number, number, number, number];
  const taps = tapsOf(window);
  const matrix = [taps.length * channels, rows * columns * batch];
  if (taps.length === 1 && rows === height && columns === width)
    return relabel(scope, images, matrix);
  const { strides, dilations } = window;
  const stretches = taps.flatMap(([row, column]) =>
    Array.from({ length: channels * rows * columns }, (_, at) => {
      const channel = Math.floor(at / (rows * columns));
      const y = (Math.floor(at / columns) % rows) * strides[0] + row * dilations[0];
      return (channel * height + y) * width + (at % columns) * strides[1] + column * dilations[1];
    }),
  );
  const pixels = relabel(scope, images, [channels * height * width, batch]);
  return relabel(scope, stretchesOf(scope, pixels, stretches), matrix);
}

/** Stretches of memory, one after another, as a list of numbers names them: rows of a matrix. */
export function stretchesOf(scope: Scope, from: Value, stretches: readonly number[]): Value {
  const [, length] = from.shape as [number, number];
  const indices = scope.constant(stretches, [stretches.length], "int32");
  const output = { shape: [stretches.length, length], type: "float32" } as const;
  return scope.node("Gather", [from, indices], output, { axis: { int: 0 } });
}

/** A kernel as it stands left of columns: [height·width·channels of the window, filters]. */
export function kernelMatrix(scope: Scope, kernel: Value): Value {
  const filters = kernel.shape[3] as number;
  return relabel(scope, straight(scope, kernel), [sizeOf(kernel.shape) / filters, filters]);
}

/** Images as a matrix: [channels, rows·columns·batch]. */
export function imageMatrix(scope: Scope, x: Value): Value {
  const channels = x.shape[3] as number;
  return relabel(scope, orient(scope, x, IMAGES), [channels, sizeOf(x.shape) / channels]);
}

/** A value without a factor it may carry, and that factor, which a product takes over. */
export function factored(x: Value): [value: Value, factor: number] {
  return x.scaled === undefined ? [x, 1] : [x.scaled.matrix, x.scaled.factor];
}
