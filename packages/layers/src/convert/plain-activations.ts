import { type ActivationName, BioflaxError } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { toTfActivation } from "../network/tf-activations";

/** What TensorFlow.js has a layer for, and no activation by name. */
const activationLayers: Readonly<Record<string, (name: string) => tf.layers.Layer>> = {
  leakyRelu: (name) => tf.layers.leakyReLU({ alpha: 0.01, name }),
};

/** @throws BioflaxError for an activation of a layer that TensorFlow.js has not where it is. */
export function refuseActivation(activation: string, of: string): never {
  throw new BioflaxError(
    `toLayersModel: expected activations that TensorFlow.js has, received "${activation}" of the layer "${of}". Keep bioflax's model, ` +
      "or change the activation.",
  );
}

/**
 * An activation as a layer. @param of the layer whose it is.
 *
 * @throws BioflaxError for an activation that TensorFlow.js has not at all.
 */
export function activationLayer(activation: string, of: string, name = of): tf.layers.Layer {
  const known = toTfActivation(activation as ActivationName);
  if (known !== undefined) return tf.layers.activation({ activation: known as "relu", name });
  return Object.hasOwn(activationLayers, activation)
    ? (activationLayers[activation] as (name: string) => tf.layers.Layer)(name)
    : refuseActivation(activation, of);
}
