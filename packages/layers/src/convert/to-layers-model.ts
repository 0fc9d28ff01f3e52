import type { ActivationName } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { DirectFeedback } from "../direct/direct-feedback";
import { ErrorSourceLayer } from "../direct/error-source";
import { BaseKernelFreeLayer } from "../kernel-free-layers/kernel-free-layer";
import { BaseKernelLayer } from "../kernel-layers/kernel-layer";
import { toTfActivation } from "../network/tf-activations";
import { copying, copyModel, copyValues, sameLayer } from "./copy-model";

type Config = tf.serialization.ConfigDict;

/** What TensorFlow.js has no activation by name for, as a layer of its own. */
const activationLayer = (name: string) => tf.layers.leakyReLU({ alpha: 0.01, name });

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

const KERNEL_OPTIONS = [
  ...["units", "filters", "kernelSize", "strides", "padding", "dilationRate", "useBias"],
  ...["kernelRegularizer", "biasRegularizer", "kernelConstraint", "biasConstraint"],
];

function plainKernelLayer(layer: BaseKernelLayer): tf.layers.Layer[] {
  const config = layer.getConfig();
  const activation = toTfActivation(config.activation as ActivationName);
  const options = { ...sharedOptions(config, KERNEL_OPTIONS), activation: activation ?? "linear" };
  const make = layer.spec.type === "dense" ? tf.layers.dense : tf.layers.conv2d;
  const plain = make(options as never);
  return activation === undefined ? [plain, activationLayer(`${layer.name}_activation`)] : [plain];
}

const windows = ["poolSize", "strides", "padding"];
const statistics = ["momentum", "epsilon", "center", "scale"];

/** What makes each of our layers without a kernel one of TensorFlow.js's, with the options it takes; the others are its own. */
const makers: Readonly<Record<string, (config: Config) => tf.layers.Layer>> = {
  maxPooling2d: (config) => tf.layers.maxPooling2d(sharedOptions(config, windows) as never),
  averagePooling2d: (config) => tf.layers.averagePooling2d(sharedOptions(config, windows) as never),
  globalMaxPooling2d: (config) => tf.layers.globalMaxPooling2d(sharedOptions(config, [])),
  dropout: (config) => tf.layers.dropout(sharedOptions(config, ["rate"]) as never),
  batchNormalization: (config) => tf.layers.batchNormalization(sharedOptions(config, statistics)),
  activation(config) {
    const activation = toTfActivation(config.activation as ActivationName);
    return activation === undefined
      ? activationLayer(config.name as string)
      : tf.layers.activation({ ...sharedOptions(config, []), activation: activation as "relu" });
  },
};

/** The layers of TensorFlow.js's that do what a layer does; none for what only training needs. */
function plainLayers(layer: tf.layers.Layer): tf.layers.Layer[] {
  if (layer instanceof DirectFeedback || layer instanceof ErrorSourceLayer) return [];
  if (layer instanceof BaseKernelLayer) return plainKernelLayer(layer);
  const make = layer instanceof BaseKernelFreeLayer ? makers[layer.spec.type] : undefined;
  return [make?.(layer.getConfig()) ?? sameLayer(layer)];
}

/**
 * A model of TensorFlow.js's own layers alone that predicts what a model of bioflax's does: for inference, or for training by
 * backpropagation, wherever TensorFlow.js runs, with no bioflax there.
 *
 * Feedback weights and rules are left behind. To go on under a rule, keep the model itself, or {@link convert} this one.
 *
 * @param model which stays as it is.
 * @returns a new model with copies of the weights, to be compiled if it is to be trained.
 */
export function toLayersModel(model: tf.LayersModel): tf.LayersModel {
  const made = new Map<tf.layers.Layer, tf.layers.Layer>();
  const copy = copyModel(model, (layer) => {
    const layers = plainLayers(layer);
    const [first] = layers;
    if (first !== undefined) made.set(layer, first);
    return layers;
  });
  // TensorFlow.js's batch normalisation has its weights in our order.
  for (const [from, to] of made)
    copying(from, () =>
      copyValues(from instanceof BaseKernelLayer ? from.forwardWeights : from.weights, to.weights),
    );
  return copy;
}
