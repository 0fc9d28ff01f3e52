import { type Pair, type Window2d, windowShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/** Images, or what windows see of them: [batch, rows, columns, channels]. */
export type Images = tf.Tensor4D;
type Extents = [number, number, number, number];

/** How far into the image, counted from its padding, each row or column of the window begins. */
const beginsOf = ({ size, dilations }: Window2d, axis: 0 | 1) =>
  Array.from({ length: size[axis] }, (_, tap) => tap * dilations[axis]);

/** How much of the image a window reaches over along one axis. */
const spanOf = ({ size, dilations }: Window2d, axis: 0 | 1) =>
  (size[axis] - 1) * dilations[axis] + 1;

/** The padding along one axis, with as much after the image as makes whole strides of all that windows see. */
function wholeStrides(extent: number, places: number, window: Window2d, axis: 0 | 1): Pair {
  const [stride, [before]] = [window.strides[axis], window.padding[axis]];
  const last = (window.size[axis] - 1) * window.dilations[axis];
  const groups = Math.max(
    Math.floor(last / stride) + places,
    Math.ceil((before + extent) / stride),
  );
  return [before, groups * stride - before - extent];
}

function surroundings(input: readonly number[], window: Window2d) {
  const [, height, width] = input as Extents;
  const [, rows, columns] = windowShape("window", input, window) as Extents;
  const above = wholeStrides(height, rows, window, 0);
  const beside = wholeStrides(width, columns, window, 1);
  return { rows, columns, padding: [[0, 0], above, beside, [0, 0]] as Pair[] };
}

/** Values around images: for each axis, how many before and how many after. */
export function pad(x: tf.Tensor, padding: readonly Pair[], value = 0): tf.Tensor {
  return padding.flat().every((count) => count === 0)
    ? x
    : tf.pad(x, padding as [number, number][], value);
}

/**
 * Every stride-th slice along the middle axis, from one on: [outer, extent, inner] → [outer, count, inner].
 *
 * By grouping the axis by strides, because the wasm backend's strided slices take longer than a convolution.
 */
function takeEvery(
  x: tf.Tensor,
  [outer, extent, inner]: readonly [number, number, number],
  { begin, stride, count }: { begin: number; stride: number; count: number },
): tf.Tensor {
  const grouped = tf.reshape(x, [outer, extent / stride, stride * inner]);
  const from = [0, Math.floor(begin / stride), (begin % stride) * inner];
  return tf.slice(grouped, from, [outer, count, inner]);
}

/** The transpose of {@link takeEvery}: puts slices back where they were taken from, and adds up those of one place. */
function putBack(
  parts: readonly tf.Tensor[],
  [outer, extent, inner]: readonly [number, number, number],
  { begins, stride, count }: { begins: readonly number[]; stride: number; count: number },
): tf.Tensor {
  const groups = extent / stride;
  const lanes = Array.from({ length: stride }, (_, lane) => {
    const placed = begins.flatMap((begin, i) => {
      if (begin % stride !== lane) return [];
      const before = Math.floor(begin / stride);
      const part = tf.reshape(parts[i] as tf.Tensor, [outer, count, inner]);
      return [
        pad(part, [
          [0, 0],
          [before, groups - count - before],
          [0, 0],
        ]),
      ];
    });
    return placed.length === 0
      ? tf.zeros([outer, groups, inner])
      : placed.reduce((sum, part) => tf.add(sum, part));
  });
  return stride === 1 ? (lanes[0] as tf.Tensor) : tf.concat(lanes, 2);
}

/**
 * What each element of the window sees: [batch, height, width, channels] → a tensor [batch, rows, columns, channels]
 * for each, row by row of the window.
 *
 * @param value what stands where the window reaches beyond the image.
 */
export function taps(x: Images, window: Window2d, value: number): Images[] {
  const [batch, , , channels] = x.shape;
  const { rows, columns, padding } = surroundings(x.shape, window);
  const image = pad(x, padding, value);
  const [, height, width] = image.shape as Extents;
  return beginsOf(window, 0).flatMap((begin) => {
    const extents = [batch, height, width * channels] as const;
    const strip = takeEvery(image, extents, { begin, stride: window.strides[0], count: rows });
    return beginsOf(window, 1).map((start) => {
      const place = { begin: start, stride: window.strides[1], count: columns };
      const seen = takeEvery(strip, [batch * rows, width, channels], place);
      return tf.reshape(seen, [batch, rows, columns, channels]) as Images;
    });
  });
}

/** The transpose of {@link taps}: the sum of all errors at each pixel, of the shape `input`. */
export function untaps(
  errors: readonly tf.Tensor[],
  input: readonly number[],
  window: Window2d,
): tf.Tensor {
  const [batch, height, width, channels] = input as Extents;
  const { rows, columns, padding } = surroundings(input, window);
  const [, above, beside] = padding as [Pair, Pair, Pair];
  const tall = above[0] + height + above[1];
  const wide = beside[0] + width + beside[1];
  const across = window.size[1];
  const strips = beginsOf(window, 0).map((_, i) =>
    putBack(errors.slice(i * across, (i + 1) * across), [batch * rows, wide, channels], {
      begins: beginsOf(window, 1),
      stride: window.strides[1],
      count: columns,
    }),
  );
  const image = putBack(strips, [batch, tall, wide * channels], {
    begins: beginsOf(window, 0),
    stride: window.strides[0],
    count: rows,
  });
  const begin = [0, above[0], beside[0], 0];
  return tf.slice(tf.reshape(image, [batch, tall, wide, channels]), begin, [...input]);
}

/**
 * Images as TensorFlow.js's own windows take them: with a padding it has a name for, or the padding already around
 * them.
 *
 * Not by the name `same` where a stride is longer than the window: on wasm some such convolutions come out as zeros.
 */
export function withNamedPadding(
  x: Images,
  window: Window2d,
  value = 0,
): [Images, "same" | "valid"] {
  const { size, strides, dilations, padding } = window;
  if (padding.flat().every((count) => count === 0)) return [x, "valid"];
  const filter: Extents = [...size, x.shape[3], 1];
  const { padInfo } = tf.backend_util.computeConv2DInfo(
    x.shape,
    filter,
    [...strides],
    [...dilations],
    "same",
  );
  const { top, bottom, left, right } = padInfo;
  const overlaps = strides.every((stride, axis) => stride <= spanOf(window, axis as 0 | 1));
  const isSame =
    overlaps && [top, bottom, left, right].every((count, i) => count === padding.flat()[i]);
  return isSame ? [x, "same"] : [pad(x, [[0, 0], ...padding, [0, 0]], value) as Images, "valid"];
}
