import {
  type ActivationName,
  BioflaxError,
  type LayerSpec,
  learningOptionNames,
  ownOptionNames,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { expectModel } from "../base/container";
import { PENALTIES } from "../base/resolve-options";
import { DirectFeedback } from "../direct/direct-feedback";
import { ErrorSourceLayer } from "../direct/error-source";
import { BaseKernelFreeLayer } from "../kernel-free-layers/kernel-free-layer";
import { BaseKernelLayer } from "../kernel-layers/kernel-layer";
import { toTfActivation } from "../network/tf-activations";
import { copying, copyModel, copyValues, sameLayer, valuesOf } from "./copy-model";
import { activationLayer } from "./plain-activations";
import { plainGRU, plainSimpleRNN, withinSteps } from "./plain-recurrent";
import { splitKernel } from "./recurrent";
import { isDilated } from "./treatments";

type Config = tf.serialization.ConfigDict;

/** Our layers whose class is for any type: TensorFlow.js has none of those. */
function refuseOwn(layer: tf.layers.Layer, type: string): never {
  throw new BioflaxError(
    `toLayersModel: expected layers that TensorFlow.js has, received "${layer.name}" of the type "${type}". Keep bioflax's model, or ` +
      "leave the layer out.",
  );
}

/** Initializers of TensorFlow.js's, by option; ours are names or specs, and no matter once there are weights. */
const foreignInitializers = (config: Config) =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([option, value]) =>
        option.endsWith("Initializer") &&
        (value as { className?: string } | null)?.className != null,
    ),
  );

/** The options of a layer that are the same in TensorFlow.js and here. */
function sharedOptions(config: Config, keys: readonly string[]): Config {
  const all = ["name", "trainable", "batchInputShape", "dtype", ...keys];
  return {
    ...Object.fromEntries(all.flatMap((key) => (config[key] == null ? [] : [[key, config[key]]]))),
    ...foreignInitializers(config),
  };
}

/** What makes each of our layers with a kernel one of TensorFlow.js's. */
const kernelMakers: Readonly<Record<string, (options: never) => tf.layers.Layer>> = {
  dense: tf.layers.dense,
  conv2d: tf.layers.conv2d,
  conv1d: tf.layers.conv1d,
  depthwiseConv2d: tf.layers.depthwiseConv2d,
  conv2dTranspose: tf.layers.conv2dTranspose,
  simpleRNN: plainSimpleRNN,
  gru: plainGRU,
  embedding: tf.layers.embedding,
};

/** What TensorFlow.js calls the kernel in the options of some layers. */
const kernelParts: Readonly<Record<string, string>> = {
  depthwiseConv2d: "depthwise",
  embedding: "embeddings",
};

/** What TensorFlow.js calls an option of a layer with a kernel. */
const tfName = (type: string, name: string): string =>
  Object.hasOwn(kernelParts, type) && name.startsWith("kernel") && name !== "kernelSize"
    ? `${kernelParts[type]}${name.slice("kernel".length)}`
    : name;

/** What a layer of ours takes that TensorFlow.js's of the same kind takes under the same name, but for initializers. */
const ownNames = (type: LayerSpec["type"]) =>
  Object.keys(ownOptionNames(type)).filter(
    (name) =>
      !["activation", "rule"].includes(name) &&
      !Object.hasOwn(learningOptionNames, name) &&
      !name.endsWith("Initializer"),
  );

function plainKernelLayer(layer: BaseKernelLayer): tf.layers.Layer[] {
  const make = kernelMakers[layer.spec.type];
  if (make === undefined) return refuseOwn(layer, layer.spec.type);
  // What only layers of its type have is saved by itself where the class is for any type.
  const { spec, ...saved } = layer.getConfig();
  const config = { ...saved, ...(spec as Config) };
  if (((config.groups as number | undefined) ?? 1) > 1)
    throw new BioflaxError(
      `toLayersModel: expected convolutions of one group, which TensorFlow.js has no others than, received ${config.groups} of the layer "${layer.name}". ` +
        "Keep bioflax's model.",
    );
  const { type } = layer.spec;
  if (type === "depthwiseConv2d" && isDilated(config))
    throw new BioflaxError(
      `toLayersModel: expected depthwise convolutions without dilation, since TensorFlow.js's layer does not dilate, whatever its dilationRate, received ` +
        `${config.dilationRate} of the layer "${layer.name}". Keep bioflax's model.`,
    );
  if (type === "embedding" && config.useBias === true)
    throw new BioflaxError(
      `toLayersModel: expected embeddings without a bias, which TensorFlow.js has no others than, received "${layer.name}", which has one. Keep bioflax's model.`,
    );
  const own =
    layer.definition.recurrence === undefined
      ? toTfActivation(config.activation as ActivationName)
      : withinSteps(config.activation, layer.name);
  // TensorFlow.js's embedding has no activation, and passes over one that it is given.
  const activation = type === "embedding" && own !== "linear" ? undefined : own;
  const names = [...ownNames(type), ...PENALTIES];
  const shared = Object.entries(sharedOptions(config, names)).map(([name, value]) => [
    tfName(type, name),
    value,
  ]);
  const options = { ...Object.fromEntries(shared), activation: activation ?? "linear" };
  const plain = make(options as never);
  return activation === undefined
    ? [plain, activationLayer(config.activation as string, layer.name, `${layer.name}_activation`)]
    : [plain];
}

/** The weights of a layer as TensorFlow.js's of the same kind has them. */
function plainValues(layer: tf.layers.Layer): tf.Tensor[] {
  if (!(layer instanceof BaseKernelLayer)) return valuesOf(layer.weights);
  const values = valuesOf(layer.forwardWeights);
  const { recurrence } = layer.definition;
  return recurrence === undefined ? values : splitKernel(values, recurrence.inputRows);
}

const windows = ownNames("maxPooling2d");
const statistics = ownNames("batchNormalization");
const normalization = ownNames("layerNormalization");

/**
 * What makes each of our layers without a kernel one of TensorFlow.js's, with the options it takes; the others are its
 * own.
 */
const makers: Readonly<Record<string, (config: Config) => tf.layers.Layer>> = {
  maxPooling2d: (config) => tf.layers.maxPooling2d(sharedOptions(config, windows) as never),
  averagePooling2d: (config) => tf.layers.averagePooling2d(sharedOptions(config, windows) as never),
  globalMaxPooling2d: (config) => tf.layers.globalMaxPooling2d(sharedOptions(config, [])),
  dropout: (config) => tf.layers.dropout(sharedOptions(config, ownNames("dropout")) as never),
  batchNormalization: (config) => tf.layers.batchNormalization(sharedOptions(config, statistics)),
  prelu: (config) => tf.layers.prelu(sharedOptions(config, ownNames("prelu"))),
  layerNormalization: (config) =>
    tf.layers.layerNormalization(sharedOptions(config, normalization)),
  activation(config) {
    const activation = toTfActivation(config.activation as ActivationName);
    return activation === undefined
      ? activationLayer(config.activation as string, config.name as string)
      : tf.layers.activation({ ...sharedOptions(config, []), activation: activation as "relu" });
  },
};

/** The layers of TensorFlow.js's that do what a layer does; none for what only training needs. */
function plainLayers(layer: tf.layers.Layer): tf.layers.Layer[] {
  if (layer instanceof DirectFeedback || layer instanceof ErrorSourceLayer) return [];
  if (layer instanceof BaseKernelLayer) return plainKernelLayer(layer);
  if (!(layer instanceof BaseKernelFreeLayer)) return [sameLayer(layer)];
  const make = makers[layer.spec.type] ?? refuseOwn(layer, layer.spec.type);
  return [make(layer.getConfig())];
}

/**
 * A model of TensorFlow.js's own layers alone that predicts what a model of bioflax's does: for inference, or for
 * training by backpropagation, wherever TensorFlow.js runs, with no bioflax there.
 *
 * Feedback weights and rules are left behind. To go on under a rule, keep the model itself, or {@link convert} this
 * one.
 *
 * @param model which stays as it is.
 * @returns a new model with copies of the weights, to be compiled if it is to be trained.
 */
export function toLayersModel(model: tf.LayersModel): tf.LayersModel {
  expectModel("toLayersModel", model);
  const made = new Map<tf.layers.Layer, tf.layers.Layer>();
  const copy = copyModel(model, (layer) => {
    const layers = plainLayers(layer);
    const [first] = layers;
    if (first !== undefined) made.set(layer, first);
    return layers;
  });
  // TensorFlow.js's batch normalisation has its weights in our order.
  for (const [from, to] of made)
    copying(from, () => tf.tidy(() => copyValues(plainValues(from), to.weights)));
  return copy;
}
