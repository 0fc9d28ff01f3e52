import { BioflaxError, createNetwork, type Network } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { BaseDense } from "../dense/base-dense";
import { DirectHidden } from "../dense/direct-hidden";

function refuse(layer: tf.layers.Layer, reason: string): never {
  throw new BioflaxError(
    `toNetwork: expected a chain of bioflax's dense layers, and the layer "${layer.name}" ${reason}.`,
  );
}

/** A model's layers from its input to its output. @throws BioflaxError for any that is not a link of a chain. */
function chainOf({ layers }: tf.LayersModel): BaseDense[] {
  const chain: BaseDense[] = [];
  for (const layer of layers) {
    if (layer.getClassName() === "InputLayer") continue;
    if (!(layer instanceof BaseDense)) refuse(layer, `is of another kind, ${layer.getClassName()}`);
    const [node, ...others] = layer.inboundNodes;
    if (others.length > 0) refuse(layer, "is used more than once");
    const below = node?.inboundLayers[0];
    const isNext =
      chain.length === 0 ? below?.getClassName() === "InputLayer" : below === chain.at(-1);
    if (!isNext) refuse(layer, `stands on "${below?.name}" and not on the one before it`);
    chain.push(layer);
  }
  for (const layer of chain) {
    if (layer instanceof DirectHidden && layer.source !== chain.at(-1))
      refuse(layer, "does not learn from the error of the last");
  }
  return chain;
}

/**
 * The network a model is, for core's definitions: the other way round from {@link fromSpec}.
 *
 * @param model a chain of bioflax's dense layers and nothing else, sequential or functional.
 * @throws BioflaxError naming a layer that is of another kind or stands elsewhere, or when there is none.
 */
export function toNetwork(model: tf.LayersModel): Network {
  const chain = chainOf(model);
  const [first] = chain;
  if (first === undefined)
    throw new BioflaxError("toNetwork: expected a model with layers, received one without.");
  return createNetwork({
    inputShape: first.definition.inputShape,
    rule: "bp",
    layers: chain.map(({ spec }) => spec),
  });
}
