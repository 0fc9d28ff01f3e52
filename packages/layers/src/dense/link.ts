import type * as tf from "@tensorflow/tfjs";
import { DirectHidden, type ErrorSource } from "./direct-hidden";

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
 * Has every hidden layer that leads to some symbolic tensors learn from an output layer.
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
    if (sourceLayer instanceof DirectHidden) sourceLayer.learnFrom(source);
    else if (sourceLayer !== undefined && "signals" in sourceLayer) continue;
    const container = asContainer(sourceLayer);
    if (container !== undefined) linkBelow(container.outputs, source, seen);
    linkBelow(symbol.inputs ?? [], source, seen);
  }
}
