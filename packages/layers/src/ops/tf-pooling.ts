import { type TensorOps, type Window2d, windowShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { type Images, taps, untaps, withNamedPadding } from "./tf-windows";

type PoolingOps = Pick<
  TensorOps<tf.Tensor>,
  "maxPool" | "maxPoolGradient" | "averagePool" | "averagePoolGradient"
>;

/** The lowest float32, which no element of a window lies below; infinity is not safe in every backend's shaders. */
const LOWEST = -3.4028234663852886e38;

const hasGaps = ({ dilations }: Window2d) => Math.max(...dilations) > 1;

/**
 * How many elements of the image the window holds at each place: [1, rows, columns, 1], or a number where all hold all.
 */
function counts(input: readonly number[], window: Window2d): tf.Tensor | number {
  const { size, strides, dilations, padding } = window;
  if (padding.flat().every((count) => count === 0)) return size[0] * size[1];
  const [, ...places] = windowShape("averagePool", input, window);
  const along = (axis: 0 | 1) =>
    Array.from({ length: places[axis] as number }, (_, place) => {
      const start = place * strides[axis] - padding[axis][0];
      const inside = (tap: number) => {
        const at = start + tap * dilations[axis];
        return at >= 0 && at < (input[axis + 1] as number);
      };
      return [...Array(size[axis]).keys()].filter(inside).length;
    });
  const columns = along(1);
  return tf.tensor4d(
    along(0).flatMap((rows) => columns.map((count) => rows * count)),
    [1, places[0] as number, places[1] as number, 1],
  );
}

/**
 * Pooling and its gradients, from operations that every backend has.
 *
 * TensorFlow.js's own gradients will not do: that of max pooling goes astray on wasm where nothing in a window is above
 * 0, and picks the last of equals on webgl; that of average pooling counts padding, which the pooling itself does not.
 */
export const pooling: PoolingOps = {
  maxPool(x, window) {
    if (hasGaps(window))
      return taps(x as Images, window, LOWEST).reduce((largest, tap) => tf.maximum(largest, tap));
    const [images, padding] = withNamedPadding(x as Images, window, LOWEST);
    return tf.maxPool(images, [...window.size], [...window.strides], padding);
  },
  maxPoolGradient(x, y, error, window) {
    const none = tf.zerosLike(error);
    let rest = error;
    const errors = taps(x as Images, window, LOWEST).map((tap) => {
      const own = tf.where(tf.equal(tap, y), rest, none);
      rest = tf.sub(rest, own);
      return own;
    });
    return untaps(errors, x.shape, window);
  },
  averagePool(x, window) {
    const [images, padding] = withNamedPadding(x as Images, window);
    if (images === x && !hasGaps(window))
      return tf.avgPool(images, [...window.size], [...window.strides], padding);
    const sum = taps(x as Images, window, 0).reduce<tf.Tensor>(
      (all, tap) => tf.add(all, tap),
      tf.scalar(0),
    );
    return tf.div(sum, counts(x.shape, window));
  },
  averagePoolGradient(error, input, window) {
    const share = tf.div(error, counts(input, window));
    const errors = Array.from({ length: window.size[0] * window.size[1] }, () => share);
    return untaps(errors, input, window);
  },
};
