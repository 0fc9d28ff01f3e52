import { BioflaxError, type NetworkSpec, type Weights } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { networkLayers } from "./network-layers";
import { toNetwork } from "./to-network";
import { readWeights } from "./weights";

/** What only the eager engine does with a layer's weights, by option. */
const EAGER_ONLY = [
  "kernelRegularizer",
  "biasRegularizer",
  "betaRegularizer",
  "gammaRegularizer",
  "kernelConstraint",
  "biasConstraint",
  "betaConstraint",
  "gammaConstraint",
];

/** Whether some of a layer's weights are frozen, by its own `trainable`, the model's or theirs. */
function isFrozen(model: tf.LayersModel, layer: tf.layers.Layer): boolean {
  const { _trainableWeights: made } = layer as unknown as {
    readonly _trainableWeights: readonly tf.LayerVariable[];
  };
  const frozen = made.some((weight) => !weight.trainable);
  return layer.weights.length > 0 && (frozen || !layer.trainable || !model.trainable);
}

/** @throws BioflaxError for a layer with settings that a spec has no place for. */
function checkLayer(model: tf.LayersModel, layer: tf.layers.Layer): void {
  const config = layer.getConfig();
  const option = EAGER_ONLY.find((name) => config[name] != null);
  const reason =
    option !== undefined
      ? `has a ${option}`
      : isFrozen(model, layer)
        ? "is not trainable"
        : undefined;
  if (reason !== undefined)
    throw new BioflaxError(
      `toSpec: the layer "${layer.name}" (${layer.getClassName()}) ${reason}, which the compiled engine knows nothing of. Train the ` +
        "model eagerly, with model.fit, or change the layer.",
    );
}

/**
 * A model as plain JSON with its weights by name, for the compiled engine, a `.safetensors` file or Python.
 *
 * @param model as {@link toNetwork} takes it, with no regularizers, constraints or frozen layers.
 * @throws BioflaxError naming a layer that cannot be compiled, and its class.
 * @example
 * const { model } = convert(await tf.loadLayersModel("file://model.json"), { rule: "fa" });
 * const { spec, weights } = await toSpec(model);
 */
export async function toSpec(
  model: tf.LayersModel,
): Promise<{ readonly spec: NetworkSpec; readonly weights: Weights }> {
  const { spec } = toNetwork(model);
  for (const layer of networkLayers(model)) checkLayer(model, layer);
  return { spec, weights: await readWeights(model) };
}
