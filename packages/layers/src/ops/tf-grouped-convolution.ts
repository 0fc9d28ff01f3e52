import type { Convolution2d, TensorOps } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type Images, taps, untaps, withNamedPadding } from "./tf-windows";

/** Convolutions and their two transposes. */
export type ConvolutionOps = Pick<
  TensorOps<tf.Tensor>,
  "conv2d" | "conv2dInputGradient" | "conv2dKernelGradient"
>;

const extent = (x: tf.Tensor, axis: number) => x.shape.at(axis) as number;

/** A kernel's elements, row by row of the window: each [channels, filters of a channel]. */
const elementsOf = (kernel: tf.Tensor, channels: number): tf.Tensor[] => {
  const [height, width] = kernel.shape as [number, number];
  return tf.unstack(tf.reshape(kernel, [height * width, channels, -1]));
};

/** Images or errors with their channels as [channels, filters of a channel]. */
const apart = (x: tf.Tensor, channels: number): tf.Tensor =>
  tf.reshape(x, [...x.shape.slice(0, 3), channels, -1]);

/**
 * Whether TensorFlow.js's own depthwise convolution may not take a window: it wants strides alike, and on processors without AVX-512
 * TensorFlow's library, which has gaps from oneDNN alone, stops at them.
 */
const isRefused = ({ strides, dilations }: Convolution2d) =>
  strides[0] !== strides[1] || (tf.getBackend() === "tensorflow" && Math.max(...dilations) > 1);

/** TensorFlow.js's own depthwise convolution, where it takes the window, else the sum of what its elements see. */
function depthwise(x: tf.Tensor, kernel: tf.Tensor, window: Convolution2d): tf.Tensor {
  const { size, strides, dilations } = window;
  const channels = extent(x, -1);
  if (isRefused(window)) {
    const seen = taps(x as Images, window, 0);
    const products = elementsOf(kernel, channels).map((element, tap) =>
      tf.mul(apart(seen[tap] as Images, channels), element),
    );
    const all = products.reduce((sum, product) => tf.add(sum, product));
    return tf.reshape(all, [...all.shape.slice(0, 3), extent(kernel, -1)]);
  }
  const [images, padding] = withNamedPadding(x as Images, window);
  const filters = tf.reshape(kernel, [...size, channels, extent(kernel, -1) / channels]);
  return tf.depthwiseConv2d(images, filters as Images, [...strides], padding, "NHWC", [
    ...dilations,
  ]);
}

/**
 * Convolutions of one channel a group, whose gradients, which wasm has no kernels for, are made of what each element of
 * the window sees.
 */
const depthwiseOps: ConvolutionOps = {
  conv2d: depthwise,
  conv2dInputGradient(error, kernel, input, window) {
    const channels = input.at(-1) as number;
    const errors = elementsOf(kernel, channels).map((element) =>
      tf.sum(tf.mul(apart(error, channels), element), -1),
    );
    return untaps(errors, input, window);
  },
  conv2dKernelGradient(x, error, window) {
    const channels = extent(x, -1);
    const errors = apart(error, channels);
    const gradients = taps(x as Images, window, 0).map((seen) =>
      tf.sum(tf.mul(apart(seen, channels), errors), [0, 1, 2]),
    );
    return tf.reshape(tf.stack(gradients), [...window.size, 1, extent(error, -1)]);
  },
};

/** The part of a tensor's last axis that is a group's. */
function partOf(x: tf.Tensor, group: number, groups: number): tf.Tensor {
  const size = extent(x, -1) / groups;
  const begin = x.shape.map((_, axis) => (axis === x.rank - 1 ? group * size : 0));
  return tf.slice(x, begin, [...x.shape.slice(0, -1), size]);
}

/** Any groups, one after another. */
function oneByOne(ops: ConvolutionOps): ConvolutionOps {
  const each = ({ groups = 1 }: Convolution2d, make: (group: number) => tf.Tensor) =>
    tf.concat(
      Array.from({ length: groups }, (_, group) => make(group)),
      -1,
    );
  const alone = (window: Convolution2d): Convolution2d => ({ ...window, groups: 1 });
  return {
    conv2d(x, kernel, window) {
      const part = (all: tf.Tensor, group: number) => partOf(all, group, window.groups ?? 1);
      return each(window, (group) =>
        ops.conv2d(part(x, group), part(kernel, group), alone(window)),
      );
    },
    conv2dInputGradient(error, kernel, input, window) {
      const { groups = 1 } = window;
      const own = [...input.slice(0, 3), (input[3] as number) / groups];
      return each(window, (group) =>
        ops.conv2dInputGradient(
          partOf(error, group, groups),
          partOf(kernel, group, groups),
          own,
          alone(window),
        ),
      );
    },
    conv2dKernelGradient(x, error, window) {
      const part = (all: tf.Tensor, group: number) => partOf(all, group, window.groups ?? 1);
      return each(window, (group) =>
        ops.conv2dKernelGradient(part(x, group), part(error, group), alone(window)),
      );
    },
  };
}

/**
 * Convolutions in several groups: depthwise ones at once, others group by group.
 *
 * @param ops those of one group.
 */
export function grouped(ops: ConvolutionOps): ConvolutionOps {
  const others = oneByOne(ops);
  const opsFor = (channels: number, { groups = 1 }: Convolution2d) =>
    channels === groups ? depthwiseOps : others;
  return {
    conv2d: (x, kernel, window) => opsFor(extent(x, -1), window).conv2d(x, kernel, window),
    conv2dInputGradient: (error, kernel, input, window) =>
      opsFor(input.at(-1) as number, window).conv2dInputGradient(error, kernel, input, window),
    conv2dKernelGradient: (x, error, window) =>
      opsFor(extent(x, -1), window).conv2dKernelGradient(x, error, window),
  };
}
