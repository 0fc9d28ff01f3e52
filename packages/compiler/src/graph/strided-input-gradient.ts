import type { Convolution2d, Pair, Shape } from "@bioflax/core";
import { stretchesOf } from "./columns";
import { IMAGES, orient, relabel, straight } from "./layout";
import type { Scope } from "./scope";
import type { Value } from "./value";
import { turnedRound } from "./windows";

/**
 * A kernel [height, width, channels, filters] as a convolution of errors reads it: of each phase, which are the pixels
 * that lie at one place of a stride, the elements of the window that see it, turned round: [height / down, width /
 * across, filters, down · across · channels], the kernel filled up with zeros to whole strides.
 */
function kernelOfPhases(scope: Scope, kernel: Value, [down, across]: Pair): Value {
  const [height, width, channels, filters] = kernel.shape as [number, number, number, number];
  const [high, wide] = [Math.ceil(height / down), Math.ceil(width / across)];
  const amounts = [0, 0, 0, 0, high * down - height, wide * across - width, 0, 0];
  const padded = amounts.some((amount) => amount > 0)
    ? scope.node("Pad", [straight(scope, kernel), scope.constant(amounts, [8], "int64")], {
        shape: [high * down, wide * across, channels, filters],
        type: "float32",
      })
    : straight(scope, kernel);
  const cut = relabel(scope, padded, [high, down, wide, across, channels, filters]);
  const turned = turnedRound(scope, cut, [0, 2]);
  const lying = orient(scope, turned, [0, 2, 5, 1, 3, 4]);
  return relabel(scope, lying, [high, wide, filters, down * across * channels]);
}

/**
 * The error at the input of a convolution with strides and without dilations: one convolution of the error without
 * strides, whose filters are the input's channels at each place of a stride, and one gathering that puts these places
 * beside each other.
 *
 * ONNX Runtime's transposed convolution, which this stands for, adds columns up by a single thread, and of images that
 * lie in another order than ours.
 *
 * @param convolve the convolution without strides.
 */
export function stridedInputGradient(
  scope: Scope,
  error: Value,
  kernel: Value,
  input: Shape,
  { strides, padding }: Convolution2d,
  convolve: (x: Value, kernel: Value, window: Convolution2d) => Value,
): Value {
  const [batch, height, width, channels] = input as [number, number, number, number];
  const [down, across] = strides;
  const phases = kernelOfPhases(scope, kernel, strides);
  const [high, wide] = phases.shape as [number, number];
  const [top, left] = [padding[0][0], padding[1][0]];
  /** How many strides the input and its border reach over. */
  const reach = (axis: 0 | 1) => {
    const border = padding[axis][0] + (input[axis + 1] as number);
    return Math.max(Math.ceil(border / strides[axis]), error.shape[axis + 1] as number);
  };
  const [rows, columns] = [reach(0), reach(1)];
  const sent = convolve(error, phases, {
    size: [high, wide],
    strides: [1, 1],
    dilations: [1, 1],
    padding: [
      [high - 1, rows - (error.shape[1] as number)],
      [wide - 1, columns - (error.shape[2] as number)],
    ],
  });
  const pixels = relabel(scope, orient(scope, sent, IMAGES), [
    ...[down * across * channels * rows * columns, batch],
  ]);
  const places = Array.from({ length: channels * height * width }, (_, at) => {
    const channel = Math.floor(at / (height * width));
    const [y, x] = [(Math.floor(at / width) % height) + top, (at % width) + left];
    const phase = (y % down) * across + (x % across);
    const line = (phase * channels + channel) * rows + Math.floor(y / down);
    return line * columns + Math.floor(x / across);
  });
  return relabel(scope, stretchesOf(scope, pixels, places), input, IMAGES);
}
