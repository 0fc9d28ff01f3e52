import type { BatchNormalizationSpec, KernelFreeLayerSpec, Shape } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { isChannelsLast } from "../base/channels-last";
import type { Use } from "./network-layers";
import { fromTfActivation } from "./tf-activations";

type Config = Readonly<Record<string, unknown>>;

/** A layer of TensorFlow.js's as core has it, or why core has none, as the end of a sentence. */
export type Reading = KernelFreeLayerSpec | string;

/** Where a layer stands in a model. */
interface Standing {
  /** How many axes its input has, the batch included. */
  readonly rank: number;
  /** Shape of one example of its output. */
  readonly outputShape: Shape;
}

const LEAK = 0.01;
const images = (config: Config, spec: KernelFreeLayerSpec): Reading =>
  isChannelsLast(config) ? spec : `has the dataFormat ${config.dataFormat}`;

function activation(name: string): Reading {
  const known = fromTfActivation(name);
  return known === undefined
    ? `has the activation ${name}, which bioflax does not`
    : { type: "activation", activation: known };
}

const pooling =
  (type: "maxPooling2d" | "averagePooling2d") =>
  (config: Config): Reading =>
    images(config, {
      type,
      poolSize: config.poolSize as [number, number],
      strides: config.strides as [number, number],
      padding: config.padding as "same" | "valid",
    });

/** Whether an axis is the last of so many. */
const isLast = (axis: unknown, rank: number) => axis == null || axis === -1 || axis === rank - 1;

function batchNormalization({ axis, ...config }: Config, { rank }: Standing): Reading {
  if (!isLast(axis, rank)) return `normalises the axis ${axis}, and not the last`;
  const { momentum, epsilon, center, scale } = config as Omit<BatchNormalizationSpec, "type">;
  return { type: "batchNormalization", momentum, epsilon, center, scale } as KernelFreeLayerSpec;
}

/** How the layers of TensorFlow.js's that core knows are read, by class. */
const readers: Readonly<Record<string, (config: Config, standing: Standing) => Reading>> = {
  Flatten: (config) => images(config, { type: "flatten" }),
  Reshape: (_config, { outputShape }) => ({ type: "reshape", targetShape: outputShape }),
  Activation: (config) => activation(String(config.activation)),
  ReLU: ({ maxValue }) =>
    maxValue == null || maxValue === 6
      ? activation(maxValue == null ? "relu" : "relu6")
      : `has the maxValue ${maxValue}, and relu here has none, relu6 6`,
  ELU: ({ alpha }) =>
    alpha == null || alpha === 1 ? activation("elu") : `has the alpha ${alpha}, and elu here has 1`,
  LeakyReLU: ({ alpha }) =>
    alpha === LEAK
      ? { type: "activation", activation: "leakyRelu" }
      : { type: "leakyReLU", alpha: alpha as number },
  Softmax: ({ axis }, { rank }) =>
    isLast(axis, rank) ? activation("softmax") : `is over the axis ${axis}, and not the last`,
  ZeroPadding2D: (config) =>
    images(config, {
      type: "zeroPadding2d",
      padding: config.padding as [[number, number], [number, number]],
    }),
  MaxPooling2D: pooling("maxPooling2d"),
  AveragePooling2D: pooling("averagePooling2d"),
  GlobalMaxPooling2D: (config) => images(config, { type: "globalMaxPooling2d" }),
  GlobalAveragePooling2D: (config) => images(config, { type: "globalAveragePooling2d" }),
  BatchNormalization: batchNormalization,
  Dropout: ({ noiseShape, rate }) =>
    noiseShape == null ? { type: "dropout", rate: rate as number } : "has a noiseShape",
  Add: () => ({ type: "add" }),
  Concatenate: ({ axis }) => ({ type: "concatenate", axis: axis as number }),
};

/** A layer of TensorFlow.js's, as a model uses it, as core has it, or why core has none. */
export function readTfLayer(layer: tf.layers.Layer, use: Use | undefined): Reading {
  const className = layer.getClassName();
  const read = Object.hasOwn(readers, className) ? readers[className] : undefined;
  if (read === undefined || use === undefined) return `is of another kind, ${className}`;
  const [[input], [output]] = [use.inputTensors, use.outputTensors];
  return read(layer.getConfig(), {
    rank: (input as tf.SymbolicTensor).rank,
    outputShape: (output as tf.SymbolicTensor).shape.slice(1) as Shape,
  });
}
