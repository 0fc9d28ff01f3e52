import {
  BioflaxError,
  getModel,
  getRule,
  hasKernel,
  type KernelLayerSpec,
  type LayerSpec,
  models,
  type NetworkSpec,
  type RuleName,
  sameShape,
} from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import { getDataset } from "@bioflax/datasets/node";
import type { Config } from "../config/schema";
import { initializersOf } from "./initializers";
import { learningOptionsOf } from "./learning-options";

/** What of a data set decides a network, and as far as it is known what its outputs are compared with. */
export type NetworkData = Pick<
  Dataset,
  "name" | "inputShape" | "imageShape" | "symbols" | "outputs"
> &
  Partial<Pick<Dataset, "targetShape">>;

/** What data are like as far as a run's settings say it: as large as any architecture needs, with one output. */
export const dataByName = ({ dataset: name }: Pick<Config, "dataset">): NetworkData =>
  getDataset(name).symbols
    ? { name, inputShape: [8], symbols: 2, outputs: 1 }
    : { name, inputShape: [1], imageShape: [32, 32, 3], outputs: 1 };

/** The models that take inputs of a kind, by name. */
const modelsOf = (kind: string) =>
  [...models].flatMap(({ name, inputs }) => (inputs === kind ? [name] : [])).join(", ");

/**
 * A data set as a run's network takes its examples: images keep their axes for a network that looks at them as images,
 * or through sequences, of their rows; numbers of symbols go to a network of sequences.
 *
 * @throws BioflaxError for such a network and examples that are none of these, or another one and symbols or sequences.
 */
export function dataFor<Data extends NetworkData>(
  { model }: Pick<Config, "model">,
  data: Data,
): Data {
  const { inputs } = getModel(model);
  if (data.symbols !== undefined) {
    if (inputs === "sequences") return data;
    throw new BioflaxError(
      `The model ${model} computes with numbers, and those of ${data.name} stand for symbols. Choose one of the models ${modelsOf("sequences")}.`,
    );
  }
  if (inputs === "rows") {
    // Rows that are each mapped on their own have each its own target.
    const rows = data.inputShape.slice(0, -1);
    const { targetShape } = data;
    if (targetShape === undefined || sameShape(targetShape.slice(0, rows.length), rows))
      return data;
    throw new BioflaxError(
      `The model ${model} maps each row of an example on its own, and those of ${data.name} are sequences with one target for all. Choose one of the models ${modelsOf("sequences")}.`,
    );
  }
  if (inputs === "sequences" && data.imageShape === undefined) {
    if (data.inputShape.length === 2) return data;
    throw new BioflaxError(
      `The model ${model} goes through sequences, and the examples of ${data.name} are neither sequences nor images. Choose copy, adding or a data set of images, or the model mlp.`,
    );
  }
  if (data.imageShape === undefined)
    throw new BioflaxError(
      `The model ${model} looks at images, and the examples of ${data.name} are none. Choose a data set of images, or the model mlp.`,
    );
  return { ...data, inputShape: data.imageShape };
}

/** The architecture a run names with its settings, without the rules of its layers. */
function architectureOf(
  config: Config,
  { inputShape, symbols, outputs }: NetworkData,
): NetworkSpec {
  const model = getModel(config.model);
  const settings = config as Readonly<Record<string, unknown>>;
  const own = Object.keys(model.options).flatMap((option) =>
    settings[option] === undefined ? [] : [[option, settings[option]]],
  );
  return model.create({
    // A dense layer maps the last axis; the axes before it are rows, each mapped on its own.
    inputShape: model.inputs === "rows" ? inputShape.slice(-1) : inputShape,
    ...(symbols !== undefined && { symbols }),
    outputs,
    rule: config.mode,
    ...Object.fromEntries(own),
  });
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
  const { inputShape, layers: plain } = architectureOf(config, given);
  const layers = plain.map((layer): LayerSpec => {
    if (!hasKernel(layer)) return layer;
    const rule = layerModes?.[seen++] ?? mode;
    return withOptions(config, layer, rule);
  });
  const last = layers.at(-1) as KernelLayerSpec;
  return {
    inputShape,
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
export function kernelLayersOf(config: Config): number {
  return architectureOf(config, dataFor(config, dataByName(config))).layers.filter(hasKernel)
    .length;
}
