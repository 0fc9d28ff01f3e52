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
