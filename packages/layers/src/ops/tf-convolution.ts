import type { Convolution2d, Pair, Window2d } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type ConvolutionOps, grouped } from "./tf-grouped-convolution";
import { type Images, pad, untaps, withNamedPadding } from "./tf-windows";

type Extents = [number, number, number, number];

const hasGaps = ({ dilations }: Window2d) => Math.max(...dilations) > 1;

/**
 * Backends on which a convolution is many times as fast as TensorFlow.js's own gradients; wasm lacks one
 * (tensorflow/tfjs#8474).
 */
const COMPOSED = ["wasm", "cpu"];

/**
 * Whether TensorFlow.js's own gradient of convolutions is to be used; never for windows with gaps, which it does not
 * know.
 */
const hasGradient = (kernel: string, window: Window2d) =>
  !hasGaps(window) &&
  !COMPOSED.includes(tf.getBackend()) &&
  tf.getKernel(kernel, tf.getBackend()) != null;

function convolve(x: tf.Tensor, kernel: tf.Tensor, window: Window2d): tf.Tensor {
  const [images, padding] = withNamedPadding(x as Images, window);
  const { strides, dilations } = window;
  return tf.conv2d(images, kernel as Images, [...strides], padding, "NHWC", [...dilations]);
}

/** The error with as many zeros between its places as strides leave out: [batch, rows, columns, filters]. */
function spread(error: tf.Tensor, { strides }: Window2d): tf.Tensor {
  if (Math.max(...strides) === 1) return error;
  const [batch, rows, columns, filters] = error.shape as Extents;
  const input = [batch, (rows - 1) * strides[0] + 1, (columns - 1) * strides[1] + 1, filters];
  const one: Pair = [1, 1];
  const none: Pair = [0, 0];
  return untaps([error], input, { size: one, strides, dilations: one, padding: [none, none] });
}

/** Images without the rows and columns that a padding below 0 takes away: those that only saw padding. */
function cropped(x: tf.Tensor, [rows, columns]: readonly [Pair, Pair]): tf.Tensor {
  const begin = [0, Math.max(0, -rows[0]), Math.max(0, -columns[0]), 0];
  const cuts = [0, rows[1], columns[1], 0];
  const size = x.shape.map(
    (extent, axis) => extent - (begin[axis] as number) - Math.max(0, -(cuts[axis] as number)),
  );
  return size.every((extent, axis) => extent === x.shape[axis]) ? x : tf.slice(x, begin, size);
}

/** Convolutions of one group and their two transposes, from operations that every backend has. */
const ungrouped: ConvolutionOps = {
  conv2d: convolve,
  conv2dInputGradient(error, kernel, input, window) {
    const { size, strides, dilations, padding } = window;
    const [, height, width] = input as Extents;
    if (hasGradient("Conv2DBackpropInput", window)) {
      const [[top, bottom], [left, right]] = padding;
      const [batch, , , channels] = input as Extents;
      const around: Extents = [batch, top + height + bottom, left + width + right, channels];
      const all = tf.conv2dTranspose(
        error as Images,
        kernel as Images,
        around,
        [...strides],
        "valid",
      );
      return tf.slice(all, [0, top, left, 0], [...input]);
    }
    const turned = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
    const errors = spread(error, window);
    const around = ([height, width] as const).map((extent, axis): Pair => {
      const span = ((size[axis] as number) - 1) * (dilations[axis] as number);
      const before = span - (padding[axis] as Pair)[0];
      return [before, extent + span - before - (errors.shape[axis + 1] as number)];
    }) as [Pair, Pair];
    const inside = cropped(errors, around);
    const outside = around.map((pair) => pair.map((count) => Math.max(0, count))) as never;
    return convolve(inside, turned, { size, strides: [1, 1], dilations, padding: outside });
  },
  conv2dKernelGradient(x, error, window) {
    const { size, strides, dilations, padding } = window;
    const [channels, filters] = [x.shape[3] as number, error.shape[3] as number];
    const images = pad(x, [[0, 0], ...padding, [0, 0]]);
    if (hasGradient("Conv2DBackpropFilter", window)) {
      const attributes = {
        strides: [...strides],
        pad: "valid",
        dataFormat: "NHWC",
        dimRoundingMode: undefined,
        filterShape: [...size, channels, filters],
      };
      return tf
        .engine()
        .runKernel("Conv2DBackpropFilter", { x: images, dy: error }, attributes as never);
    }
    // The images' channels as a batch, and the error as a kernel as large as itself, with gaps where there were
    // strides.
    const seen = tf.conv2d(
      tf.transpose(images, [3, 1, 2, 0]) as Images,
      tf.transpose(error, [1, 2, 0, 3]) as Images,
      [...dilations],
      "valid",
      "NHWC",
      [...strides],
    );
    const gradient = tf.transpose(seen, [1, 2, 0, 3]);
    return tf.slice(gradient, [0, 0, 0, 0], [...size, channels, filters]);
  },
};

const inGroups = grouped(ungrouped);
const opsFor = ({ groups = 1 }: Convolution2d) => (groups === 1 ? ungrouped : inGroups);

/** Convolutions, in groups or not, and their two transposes, from operations that every backend has. */
export const convolution: ConvolutionOps = {
  conv2d: (x, kernel, window) => opsFor(window).conv2d(x, kernel, window),
  conv2dInputGradient: (error, kernel, input, window) =>
    opsFor(window).conv2dInputGradient(error, kernel, input, window),
  conv2dKernelGradient: (x, error, window) => opsFor(window).conv2dKernelGradient(x, error, window),
};
