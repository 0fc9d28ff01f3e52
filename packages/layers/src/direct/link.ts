import type * as tf from "@tensorflow/tfjs";
import { type ErrorSource, isReceiver, isSource } from "./output-link";

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
 * Has every layer that leads to some symbolic tensors, and takes errors straight from an output layer, take them from this one.
 *
 * It looks into models used as layers. It stops at another output layer: what leads to that one learns from that one.
 */
export function linkBelow(
  symbols: readonly tf.SymbolicTensor[],
  source: ErrorSource,
  seen = new Set<number>(),
): void {
  for (const symbol of symbols) {
    if (seen.has(symbol.id)) continue;
    seen.add(symbol.id);
    const { sourceLayer } = symbol;
    if (isReceiver(sourceLayer)) sourceLayer.learnFrom(source);
    else if (isSource(sourceLayer)) continue;
    const container = asContainer(sourceLayer);
    if (container !== undefined) linkBelow(container.outputs, source, seen);
    linkBelow(symbol.inputs ?? [], source, seen);
  }
}
