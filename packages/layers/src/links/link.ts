import type * as tf from "@tensorflow/tfjs";
import { asContainer } from "../base/container";
import { type ErrorSource, isAttached, isFeedbackTarget, isSource } from "./output-link";
import { stepwise } from "./stepwise";

/**
 * Has every layer that leads to some symbolic tensors, and takes errors straight from output layers, take them from
 * this one too.
 *
 * It looks into models used as layers, and into `tf.layers.timeDistributed`. It stops at another output layer: what
 * leads to that one learns from that one.
 *
 * @param above the layers that the tensors go into: the output layer, and the models around it.
 */
export function linkBelow(
  symbols: readonly tf.SymbolicTensor[],
  source: ErrorSource & tf.layers.Layer,
  above: readonly tf.layers.Layer[] = [source],
  seen = new Set<number>(),
): void {
  for (const symbol of symbols) {
    if (seen.has(symbol.id)) continue;
    seen.add(symbol.id);
    const { sourceLayer } = symbol;
    const layer = stepwise(sourceLayer) ?? sourceLayer;
    if (isFeedbackTarget(layer)) layer.learnFrom(source, () => above.every(isAttached));
    else if (isSource(layer)) continue;
    const container = asContainer(sourceLayer);
    if (container !== undefined) linkBelow(container.outputs, source, above, seen);
    linkBelow(symbol.inputs ?? [], source, above, seen);
  }
}
