import * as tf from "@tensorflow/tfjs";

/** What the gradient of a layer of TensorFlow.js's needs of a backend: for the error at its input, and for its weights. */
interface Needs {
  readonly error?: readonly string[];
  readonly weights?: readonly string[];
}

const convolution: Needs = { weights: ["Conv2DBackpropFilter"] };

/** Those of its layers that need what some backend has not: wasm (4.22), or any. */
const needs: Readonly<Record<string, Needs>> = {
  Conv1D: convolution,
  Conv2D: convolution,
  Conv2DTranspose: convolution,
  ConvLSTM2D: convolution,
  DepthwiseConv2D: {
    error: ["DepthwiseConv2dNativeBackpropInput"],
    weights: ["DepthwiseConv2dNativeBackpropFilter"],
  },
  SeparableConv2D: {
    error: ["DepthwiseConv2dNativeBackpropInput"],
    weights: ["Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter"],
  },
  Embedding: { weights: ["UnsortedSegmentSum"] },
};

/** Those of its layers that have no gradient on any backend, with the operation that has none. */
const withoutGradient: Readonly<Record<string, string>> = {
  Conv3DTranspose: "Conv3DBackpropInputV2",
  ThresholdedReLU: "Greater",
};

/**
 * Why TensorFlow.js cannot train a model with one of its own layers, or what is below it, on the backend that is set; as
 * the end of a sentence, undefined where it can.
 */
export function missingGradient(layer: tf.layers.Layer): string | undefined {
  const className = layer.getClassName();
  const backend = tf.getBackend();
  const own = Object.hasOwn(needs, className) ? (needs[className] as Needs) : {};
  const wanted = [...(own.error ?? []), ...(layer.trainable ? (own.weights ?? []) : [])];
  const missing = wanted.find((kernel) => tf.getKernel(kernel, backend) == null);
  if (missing !== undefined)
    return `fit stops here on the backend "${backend}", where TensorFlow.js has no kernel ${missing} for its gradient`;
  return Object.hasOwn(withoutGradient, className)
    ? `fit stops here, because TensorFlow.js has no gradient of ${withoutGradient[className]}`
    : undefined;
}
