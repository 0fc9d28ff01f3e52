import {
  BioflaxError,
  getModel,
  getRule,
  hasKernel,
  type KernelLayerSpec,
  type LayerSpec,
  type NetworkSpec,
  type RuleName,
} from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { Config } from "../config/schema";
import { initializersOf } from "./initializers";
import { learningOptionsOf } from "./learning-options";

/** What of a data set decides a network. */
export type NetworkData = Pick<Dataset, "name" | "inputShape" | "imageShape" | "outputs">;

/**
 * A data set as a run's network takes its examples: images keep their axes for a network that looks at them as images.
 *
 * @throws BioflaxError for such a network and examples that are not images.
 */
export function dataFor<Data extends NetworkData>(
  { model }: Pick<Config, "model">,
  data: Data,
): Data {
  if (model === "mlp") return data;
  if (data.imageShape === undefined)
    throw new BioflaxError(
      `The model ${model} looks at images, and the examples of ${data.name} are none. Choose a data set of images, or the model mlp.`,
    );
  return { ...data, inputShape: data.imageShape };
}

/** The layers of the architecture a run names, without their rules. */
function layersOf(config: Config, { inputShape, outputs }: NetworkData): readonly LayerSpec[] {
  if (config.model !== "mlp")
    return getModel(config.model)({ inputShape, outputs, rule: config.mode }).layers;
  const { hiddenLayers, activations, dropout } = config;
  const hidden = hiddenLayers.flatMap((units, index): LayerSpec[] => [
    { type: "dense", units, activation: activations[index] ?? "identity" },
    ...(dropout > 0 ? [{ type: "dropout", rate: dropout } as const] : []),
  ]);
  return [...hidden, { type: "dense", units: outputs, activation: "identity" }];
}

/** What every layer with a kernel is told of how it starts and learns. */
function withOptions(config: Config, layer: KernelLayerSpec, rule: RuleName): KernelLayerSpec {
  return {
    ...layer,
    ...initializersOf(config),
    ...learningOptionsOf(config, getRule(rule)),
    ...(config.layerModes !== undefined && { rule }),
  };
}

/**
 * The network of a run: the architecture it names, with an output layer as the data needs it.
 *
 * @throws BioflaxError for an architecture of images and examples that are none, or too small.
 */
export function networkOf(config: Config, data: NetworkData): NetworkSpec {
  const given = dataFor(config, data);
  const { mode, layerModes, outputActivation } = config;
  let seen = 0;
  const layers = layersOf(config, given).map((layer): LayerSpec => {
    if (!hasKernel(layer)) return layer;
    const rule = layerModes?.[seen++] ?? mode;
    return withOptions(config, layer, rule);
  });
  const last = layers.at(-1) as KernelLayerSpec;
  return {
    // A dense layer maps the last axis; the axes before it are rows, each mapped on its own.
    inputShape: config.model === "mlp" ? given.inputShape.slice(-1) : given.inputShape,
    layers: [...layers.slice(0, -1), { ...last, activation: outputActivation }],
    rule: mode,
  };
}

/** The rules of a run's layers: each layer's, or the one of all. */
export function rulesOf({
  mode,
  layerModes,
}: Pick<Config, "mode" | "layerModes">): readonly RuleName[] {
  return layerModes ?? [mode];
}

/** How many layers with a kernel a run's network has, the output's included. */
export function kernelLayersOf(config: Pick<Config, "model" | "hiddenLayers" | "mode">): number {
  if (config.model === "mlp") return config.hiddenLayers.length + 1;
  const { layers } = getModel(config.model)({
    inputShape: [32, 32, 3],
    outputs: 1,
    rule: config.mode,
  });
  return layers.filter(hasKernel).length;
}
