import {
  axpbyShape,
  batchMatMulShape,
  type MatMulOptions,
  type Operand,
  type Shape,
  type TensorOps,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { nativeProduct } from "./native-product";
import { tensorflowLibrary } from "./tensorflow-library";
import { convolution } from "./tf-convolution";
import { pooling } from "./tf-pooling";
import { pad } from "./tf-windows";
import { batchProductsOnWasm } from "./wasm-batch-products";

type Matrix = tf.Tensor2D;

/**
 * A number as a tensor of some shape, because TensorFlow.js repeats scalars slowly where it chooses between two
 * tensors.
 */
const filled = (x: Operand<tf.Tensor>, { shape }: tf.Tensor): tf.Tensor =>
  typeof x === "number" ? tf.fill(shape, x) : x;
const scaled = (factor: number, x: tf.Tensor): tf.Tensor => (factor === 1 ? x : tf.mul(x, factor));

/**
 * A product on the wasm backend, where the transpose flags leave the fast kernel, and where a right factor is repacked
 * whenever its storage is new. So transposes are explicit, and of two factors the bigger one stands on the left.
 *
 * @param changing whether the right factor is new each time, as weights are in training.
 */
function matMulOnWasm(
  a: Matrix,
  b: Matrix,
  { transposeA, transposeB }: MatMulOptions,
  changing: boolean,
): Matrix {
  const rows = a.shape[transposeA ? 1 : 0] as number;
  const columns = b.shape[transposeB ? 0 : 1] as number;
  if (rows < columns && !transposeA && (transposeB || changing)) {
    return tf.transpose(tf.matMul(transposeB ? b : tf.transpose(b), tf.transpose(a)));
  }
  return tf.matMul(transposeA ? tf.transpose(a) : a, transposeB ? tf.transpose(b) : b);
}

function matMul(a: tf.Tensor, b: tf.Tensor, options: MatMulOptions, changing: boolean): tf.Tensor {
  if (tf.getBackend() === "wasm") return matMulOnWasm(a as Matrix, b as Matrix, options, changing);
  const { transposeA = false, transposeB = false } = options;
  if (tensorflowLibrary(tf) !== undefined)
    return nativeProduct({ a, b }, { transposeA, transposeB })[0] as tf.Tensor;
  return tf.matMul(a, b, transposeA, transposeB);
}

/** Products pair by pair. */
function batchMatMul(a: tf.Tensor, b: tf.Tensor, options: MatMulOptions): tf.Tensor {
  const [count] = batchMatMulShape(a.shape, b.shape, options) as [number];
  if (tf.getBackend() === "wasm") return batchProductsOnWasm(a, b, options, count);
  const { transposeA = false, transposeB = false } = options;
  return tf.matMul(a, b, transposeA, transposeB);
}

/**
 * The same elements under another shape.
 *
 * The wasm backend keeps one packed copy of a right factor per storage, whatever its shape, and a reshaped tensor
 * shares its original's; so there it gets storage of its own, which on that backend is what a clone has.
 */
function reshape(x: tf.Tensor, shape: Shape): tf.Tensor {
  const reshaped = tf.reshape(x, [...shape]);
  return tf.getBackend() === "wasm" ? tf.clone(reshaped) : reshaped;
}

/**
 * The eager interpreter: every operation of the vocabulary on TensorFlow.js tensors, on whichever backend is set.
 *
 * It never disposes: run definitions inside `tf.tidy`.
 */
export const tfOps: TensorOps<tf.Tensor> = {
  shape: (x) => x.shape,
  neg: (x) => tf.neg(x),
  abs: (x) => tf.abs(x),
  sign: (x) => tf.sign(x),
  exp: (x) => tf.exp(x),
  log: (x) => tf.log(x),
  sqrt: (x) => tf.sqrt(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  erf: (x) => tf.erf(x),
  add: (a, b) => tf.add(a, b),
  sub: (a, b) => tf.sub(a, b),
  mul: (a, b) => tf.mul(a, b),
  div: (a, b) => tf.div(a, b),
  // max(x, 0) has a kernel of its own on every backend.
  maximum: (a, b) => (b === 0 ? tf.relu(a) : tf.maximum(a, b)),
  minimum: (a, b) => tf.minimum(a, b),
  axpby(alpha, x, beta, y) {
    axpbyShape(x.shape, y.shape);
    return tf.add(scaled(alpha, x), scaled(beta, y));
  },
  greater: (a, b) => tf.greater(a, b),
  equal: (a, b) => tf.equal(a, b),
  where: (condition, a, b) => tf.where(condition, filled(a, condition), filled(b, condition)),
  sum: (x, axes, keepDims) => tf.sum(x, axes === undefined ? undefined : [...axes], keepDims),
  max: (x, axis, keepDims) => tf.max(x, axis, keepDims),
  argMax: (x) => tf.argMax(x, -1),
  reshape,
  broadcastTo: (x, shape) => tf.broadcastTo(x, [...shape]),
  pad,
  slice: (x, begin, size) => tf.slice(x, [...begin], [...size]),
  // By comparison, because tf.oneHot refuses a depth of 1, and on wasm writes integer bits when it is asked for floats.
  // TensorFlow's own library does neither.
  oneHot: (labels, depth) =>
    tf.getBackend() === "tensorflow" && depth > 1
      ? tf.oneHot(tf.cast(labels as tf.Tensor1D, "int32"), depth, 1, 0, "float32")
      : tf.cast(tf.equal(tf.expandDims(labels, 1), tf.range(0, depth, 1, "int32")), "float32"),
  matMul: (a, b, options = {}) => matMul(a, b, options, false),
  batchMatMul: (a, b, options = {}) => batchMatMul(a, b, options),
  stack: (tensors) => tf.stack([...tensors]),
  concat: (tensors, axis) => tf.concat([...tensors], axis),
  ...convolution,
  ...pooling,
};

/** {@link tfOps} where the right factor of every product is new each time, as weights are in training. */
export const tfTrainingOps: TensorOps<tf.Tensor> = {
  ...tfOps,
  matMul: (a, b, options = {}) => matMul(a, b, options, true),
};
