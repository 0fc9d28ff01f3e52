import * as tf from "@tensorflow/tfjs";
import { denseDFAHidden } from "../src/index";

/** A hidden layer of four units under a name. */
export const hidden = (name: string, options = {}) =>
  denseDFAHidden({ units: 4, name, ...options });

/** The gradients of a stack of layers, for inputs of three features. */
export function train(...layers: tf.layers.Layer[]) {
  const model = tf.sequential({ layers });
  return tf.variableGrads(() => tf.sum(model.apply(tf.ones([2, 3])) as tf.Tensor) as tf.Scalar);
}
