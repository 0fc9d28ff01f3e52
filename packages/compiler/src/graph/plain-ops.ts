import { type Convolution2d, shapeOps, type TensorOps, type Window2d } from "@bioflax/core";
import { batchProduct } from "./batch-products";
import { orient } from "./layout";
import { attributesOf, ONNX_IMAGES, ONNX_KERNEL, onnxTransposed } from "./onnx-convolution";
import { onnxOps } from "./onnx-ops";
import { product } from "./products";
import type { Scope } from "./scope";
import type { Value } from "./value";

const windowOf = (window: Convolution2d) => ({
  kernel_shape: { ints: window.size },
  ...attributesOf(window),
});

/** Whether ONNX's own pooling takes a window: one whose padding is narrower than itself. */
const isUsual = ({ size, padding }: Window2d) =>
  size.every((extent, axis) => padding[axis]?.every((width) => width < extent));

/**
 * The symbolic interpreter for a graph that others are to read: one plain node an operation, images as ONNX has them,
 * and nothing that depends on how large the batch is, which may be open.
 *
 * Only a forward pass is made of it: the gradients of images are still those of a training graph, but for that at a
 * convolution's input, which is a transposed convolution's forward pass.
 */
export function plainOps(scope: Scope): TensorOps<Value> {
  const ops = onnxOps(scope);
  /** What was padded, by name. */
  const padded = new Set<string>();
  // ONNX Runtime's own rewriting moves padding before a pooling into it, and then refuses what is wider than the
  // window.
  const isPlain = (x: Value, window: Window2d) => isUsual(window) && !padded.has(x.name);
  /** The convolutions so far, by name, as functions of a bias. */
  const convolutions = new Map<string, (bias: Value) => Value>();
  const withBias = (x: Value | number, bias: Value | number): Value | undefined =>
    typeof x === "number" || typeof bias === "number" || bias.shape.length !== 1
      ? undefined
      : convolutions.get(x.name)?.(bias);
  return {
    ...ops,
    add: (a, b) => withBias(a, b) ?? withBias(b, a) ?? ops.add(a, b),
    matMul: (a, b, options = {}) => product(scope, a, b, options, false),
    batchMatMul: (a, b, options = {}) => batchProduct(scope, a, b, options, false),
    conv2d(x, kernel, window) {
      const shape = shapeOps.conv2d(x.shape, kernel.shape, window);
      const inputs = [orient(scope, x, ONNX_IMAGES), orient(scope, kernel, ONNX_KERNEL)];
      const convolution = (...bias: Value[]) =>
        scope.node(
          "Conv",
          [...inputs, ...bias],
          { shape, type: "float32", order: ONNX_IMAGES },
          windowOf(window),
        );
      const plain = convolution();
      convolutions.set(plain.name, convolution);
      return plain;
    },
    conv2dInputGradient(error, kernel, input, window) {
      shapeOps.conv2dInputGradient(error.shape, kernel.shape, input, window);
      return onnxTransposed(scope, error, kernel, input, window);
    },
    pad(x, padding) {
      const y = ops.pad(x, padding);
      padded.add(y.name);
      return y;
    },
    maxPool(x, window) {
      if (!isPlain(x, window)) return ops.maxPool(x, window);
      const shape = shapeOps.maxPool(x.shape, window);
      const images = orient(scope, x, ONNX_IMAGES);
      return scope.node(
        "MaxPool",
        [images],
        { shape, type: "float32", order: ONNX_IMAGES },
        windowOf(window),
      );
    },
    averagePool(x, window) {
      if (!isPlain(x, window)) return ops.averagePool(x, window);
      const shape = shapeOps.averagePool(x.shape, window);
      const images = orient(scope, x, ONNX_IMAGES);
      // No layer pools with dilations, and before opset 19 ONNX's does not take them.
      const { dilations: _dilations, ...rest } = windowOf(window);
      return scope.node(
        "AveragePool",
        [images],
        { shape, type: "float32", order: ONNX_IMAGES },
        { ...rest, count_include_pad: { int: 0 } },
      );
    },
  };
}
