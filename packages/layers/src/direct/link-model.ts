import type * as tf from "@tensorflow/tfjs";
import { asContainer, expectModel } from "../base/container";
import { linkBelow } from "../links/link";
import { isSource } from "../links/output-link";

function linkOutputs(
  symbols: readonly tf.SymbolicTensor[],
  around: readonly tf.SymbolicTensor[],
  above: readonly tf.layers.Layer[],
  seen: Set<number>,
): void {
  for (const symbol of symbols) {
    if (seen.has(symbol.id)) continue;
    seen.add(symbol.id);
    const { sourceLayer } = symbol;
    const inputs = symbol.inputs ?? [];
    if (isSource(sourceLayer))
      linkBelow([...inputs, ...around], sourceLayer, [sourceLayer, ...above]);
    const container = asContainer(sourceLayer);
    if (container !== undefined)
      linkOutputs(container.outputs, [...inputs, ...around], [container, ...above], seen);
    linkOutputs(inputs, around, above, seen);
  }
}

/**
 * Connects the layers of a direct rule with their output layer where it sits inside a nested model.
 *
 * In any other model this has happened by itself when the output layer was applied. Call it before training, and again
 * after loading such a model or exchanging the nested one.
 *
 * @returns the model.
 * @throws BioflaxError when a hidden layer was told another output size.
 */
export function linkModel<Model extends tf.LayersModel>(model: Model): Model {
  expectModel("linkModel", model);
  linkOutputs(model.outputs, [], [], new Set());
  return model;
}
