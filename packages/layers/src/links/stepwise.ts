import type * as tf from "@tensorflow/tfjs";
import { isFeedbackTarget } from "./output-link";

/** What `tf.layers.timeDistributed` makes, as far as it is read here. */
type Wrapper = tf.layers.Layer & { readonly layer?: tf.layers.Layer };

/**
 * The layer inside `tf.layers.timeDistributed` that takes errors straight from the output, if a layer is that.
 *
 * TensorFlow.js applies it step after step, and a step cannot tell which of the output's rows are its own. Our layers
 * take all steps at once, as examples of one batch, which is the same function; so this has the wrapper hand them over
 * like that.
 */
export function stepwise(layer: tf.layers.Layer): tf.layers.Layer | undefined {
  if (layer.getClassName() !== "TimeDistributed") return undefined;
  const { layer: inner } = layer as Wrapper;
  if (inner === undefined || !isFeedbackTarget(inner)) return undefined;
  layer.call = (inputs, kwargs) => inner.call(inputs, kwargs);
  return inner;
}
