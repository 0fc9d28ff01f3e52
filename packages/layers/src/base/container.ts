import { BioflaxError, showValue } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

/** A model used as a layer. */
type Container = tf.layers.Layer & { readonly outputs: tf.SymbolicTensor[] };

/** The model a layer is, if it is one. */
export function asContainer(layer: tf.layers.Layer | undefined): Container | undefined {
  const candidate = layer as Partial<tf.LayersModel> | undefined;
  return Array.isArray(candidate?.layers) && Array.isArray(candidate.outputs)
    ? (layer as Container)
    : undefined;
}

/**
 * Checks that what was given is a model, and not what one is still to be had of.
 *
 * @param who what expects it, for the error.
 * @throws BioflaxError for anything else, with what to do.
 */
export function expectModel(who: string, given: unknown): void {
  const { layers, predict, model } = (given ?? {}) as Partial<tf.LayersModel> & {
    readonly model?: unknown;
  };
  if (Array.isArray(layers) && typeof predict === "function") return;
  throw new BioflaxError(
    `${who}: expected a model of TensorFlow.js's, received ` +
      (model === undefined
        ? `${showValue(given)}.`
        : "an object with one in it, such as convert gives. Take its model out of it: convert(…).model."),
  );
}
