import type * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";
import { BaseKernelFreeLayer } from "../kernel-free-layers/kernel-free-layer";
import { DirectLayer, type ErrorHandler } from "../kernel-layers/direct-layer";
import { DirectOutput } from "../kernel-layers/direct-output";

/** Layers of TensorFlow.js's that have weights, and no kernel. */
const KERNEL_FREE = ["BatchNormalization", "LayerNormalization", "PReLU"];

/** Whether a layer has no kernel, so that it counts as part of the layer with a kernel below it. */
export function isPassThrough(layer: tf.layers.Layer): boolean {
  return (
    layer.weights.length === 0 ||
    layer instanceof BaseKernelFreeLayer ||
    KERNEL_FREE.includes(layer.getClassName())
  );
}

/** The layer of some kind that a symbolic tensor comes from, by nothing but layers without a kernel. */
function nearestBelow<Layer extends tf.layers.Layer>(
  symbol: tf.SymbolicTensor,
  isFound: (layer: tf.layers.Layer) => layer is Layer,
): Layer | undefined {
  for (let at: tf.SymbolicTensor | undefined = symbol; at !== undefined; ) {
    const layer: tf.layers.Layer = at.sourceLayer;
    if (isFound(layer)) return layer;
    const inner: tf.SymbolicTensor | undefined =
      asContainer(layer)?.outputs[at.outputTensorIndex ?? 0];
    if (inner === undefined && !isPassThrough(layer)) return undefined;
    const [below, ...others]: tf.SymbolicTensor[] = at.inputs ?? [];
    at = inner ?? (others.length === 0 ? below : undefined);
  }
  return undefined;
}

/**
 * Has the layer that some symbolic tensor comes from, by nothing but layers without a kernel, take its error at another
 * layer.
 *
 * @param feedbackTarget the layer that hands the error on.
 * @returns that layer; undefined where it is none that takes errors straight from the output.
 */
export function receiveBelow(
  symbol: tf.SymbolicTensor,
  feedbackTarget: ErrorHandler & tf.layers.Layer,
): DirectLayer | undefined {
  const layer = nearestBelow(symbol, (below) => below instanceof DirectLayer);
  layer?.receiveAt(feedbackTarget, symbol.shape.slice(1));
  return layer;
}

/** The output layer that a model's end comes from, by nothing but layers without a kernel, if there is one. */
export function outputBelow(symbol: tf.SymbolicTensor): DirectOutput | undefined {
  return nearestBelow(symbol, (below) => below instanceof DirectOutput);
}

/** The layer with a kernel, of any kind, that a symbolic tensor comes from, by nothing but layers without one. */
export function outermost(symbol: tf.SymbolicTensor): tf.layers.Layer | undefined {
  return nearestBelow(
    symbol,
    (below): below is tf.layers.Layer => asContainer(below) === undefined && !isPassThrough(below),
  );
}
