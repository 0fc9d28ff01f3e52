import { type KernelLayer, type KernelLayerSpec, type Shape, sameShape } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { isChannelsLast } from "../base/channels-last";
import {
  AveragePooling2d,
  BatchNormalization,
  Dropout,
  GlobalMaxPooling2d,
  LayerNormalization,
  MaxPooling2d,
  Prelu,
} from "../kernel-free-layers/layers";
import { fromTfActivation } from "../network/tf-activations";
import { madeFrom } from "./copy-model";
import { missingGradient } from "./missing-gradients";
import { isSized } from "./places";
import { recurrentDefinition, unlikeRecurrent } from "./recurrent";

type Config = Readonly<Record<string, unknown>>;

/** The kinds of TensorFlow.js's layers that a rule teaches. */
export type Kind = KernelLayerSpec["type"] | "separableConv2d";

/** What becomes of a layer of TensorFlow.js's. */
export type Treatment =
  /** A rule teaches it. */
  | {
      readonly action: "converted";
      readonly kind: Kind;
      /** Of a recurrent layer, what core has in its place. */
      readonly recurrent?: KernelLayer;
    }
  /** One of ours does the same in its place. */
  | {
      readonly action: "replaced";
      readonly why: string;
      make(config: tf.serialization.ConfigDict): tf.layers.Layer;
    }
  /** It stays, having nothing to learn. */
  | { readonly action: "kept"; readonly why: string }
  /** It stays, and learns by backpropagation of whatever error arrives at it. */
  | { readonly action: "left"; readonly why: string };

/** Whether the elements of a layer's kernel lie apart. */
export const isDilated = ({ dilationRate }: Config) =>
  [dilationRate ?? 1].flat().some((rate) => rate !== 1);

/** A layer that stays, with what will not work about it where it is trained. */
export function withWarning<Staying extends { readonly why: string }>(
  layer: tf.layers.Layer,
  treatment: Staying,
): Staying {
  const missing = missingGradient(layer);
  return missing === undefined ? treatment : { ...treatment, why: `${treatment.why}; ${missing}` };
}

interface Replacement {
  readonly why: string;
  make(config: tf.serialization.ConfigDict): tf.layers.Layer;
  /** Whether ours does all that the layer does. */
  fits(config: Config, layer: tf.layers.Layer): boolean;
}

/** Whether none of some options is given. */
const hasNone =
  (...options: readonly string[]) =>
  (config: Config) =>
    options.every((option) => config[option] == null);

/** Whether an axis is the last of so many. */
const isLastAxis = (axis: unknown, rank: number) => axis === -1 || axis === rank - 1;

const AS_ITS_OWN = "so that its weights are a network's own, in every engine";
const TIES = "so that errors go to the first of equals, as in every engine of bioflax's";

const replacements: Readonly<Record<string, Replacement>> = {
  MaxPooling2D: {
    why: TIES,
    make: (config) => madeFrom(MaxPooling2d, config),
    fits: isChannelsLast,
  },
  GlobalMaxPooling2D: {
    why: TIES,
    make: (config) => madeFrom(GlobalMaxPooling2d, config),
    fits: isChannelsLast,
  },
  AveragePooling2D: {
    why: "because TensorFlow.js counts padding in its gradient and not in the mean",
    make: (config) => madeFrom(AveragePooling2d, config),
    fits: isChannelsLast,
  },
  Dropout: {
    why: "so that its masks have a seed",
    make: (config) => madeFrom(Dropout, config),
    // Its masks are of the input's extents.
    fits: ({ noiseShape }, layer) => noiseShape == null && isSized(layer),
  },
  PReLU: {
    why: AS_ITS_OWN,
    make: (config) => madeFrom(Prelu, config),
    fits: hasNone("alphaRegularizer", "alphaConstraint"),
  },
  LayerNormalization: {
    why: AS_ITS_OWN,
    make: (config) => madeFrom(LayerNormalization, config),
    fits: ({ axis, ...config }, { inboundNodes }) =>
      [axis].flat().length === 1 &&
      isLastAxis([axis].flat()[0], inboundNodes[0]?.inputTensors[0]?.rank ?? 0) &&
      hasNone("betaRegularizer", "gammaRegularizer")(config),
  },
  BatchNormalization: {
    why: "so that it learns without γ or β too",
    make: (config) => madeFrom(BatchNormalization, config),
    fits(config, { inboundNodes }) {
      const rank = inboundNodes[0]?.inputTensors[0]?.rank ?? 0;
      const penalties = [
        "betaRegularizer",
        "gammaRegularizer",
        "betaConstraint",
        "gammaConstraint",
      ];
      return isLastAxis(config.axis, rank) && hasNone(...penalties)(config);
    },
  },
};

const KERNELS: Readonly<Record<string, Kind>> = {
  Dense: "dense",
  Conv2D: "conv2d",
  Conv1D: "conv1d",
  DepthwiseConv2D: "depthwiseConv2d",
  SeparableConv2D: "separableConv2d",
  Conv2DTranspose: "conv2dTranspose",
  Embedding: "embedding",
};

const RECURRENT: Readonly<Record<string, KernelLayerSpec["type"]>> = {
  SimpleRNN: "simpleRNN",
  GRU: "gru",
};

/** What becomes of a layer of TensorFlow.js's, apart from what the rule says. */
export function treatmentOf(layer: tf.layers.Layer): Treatment {
  const treatment = plainTreatmentOf(layer);
  return treatment.action === "left" || treatment.action === "kept"
    ? withWarning(layer, treatment)
    : treatment;
}

function plainTreatmentOf(layer: tf.layers.Layer): Treatment {
  const className = layer.getClassName();
  const config = layer.getConfig();
  const kind = Object.hasOwn(KERNELS, className) ? KERNELS[className] : undefined;
  if (kind !== undefined && !isChannelsLast(config))
    return {
      action: "left",
      why: `images with the dataFormat ${config.dataFormat} are not supported`,
    };
  // TensorFlow.js 4.22 computes it without: findings/tfjs-depthwise-dilation-ignored.sh.
  if (kind === "depthwiseConv2d" && isDilated(config))
    return {
      action: "left",
      why: `TensorFlow.js does not dilate it, whatever its dilationRate (${config.dilationRate}), and a layer under a rule would`,
    };
  if (kind === "embedding" && config.maskZero === true)
    return {
      action: "left",
      why: "its maskZero has the symbol 0 left out by the layers above it, and a layer under a rule would not",
    };
  const [first, ...others] = layer.inboundNodes.map(({ inputTensors }) => inputTensors[0]?.shape);
  if (kind === "embedding" && first !== undefined && first.length !== 2)
    return {
      action: "left",
      why: "its examples have more axes than one of steps, and those of a layer under a rule do not",
    };
  if (kind !== undefined && others.some((shape) => !sameShape(shape as Shape, first as Shape)))
    return {
      action: "left",
      why: "it is used on inputs of several shapes, and a layer under a rule has one",
    };
  if (kind !== undefined) return { action: "converted", kind };
  const recurrent = Object.hasOwn(RECURRENT, className) ? RECURRENT[className] : undefined;
  if (recurrent !== undefined) return recurrentTreatmentOf(layer, recurrent);
  const replacement = Object.hasOwn(replacements, className) ? replacements[className] : undefined;
  if (replacement?.fits(config, layer))
    return { action: "replaced", why: replacement.why, make: replacement.make };
  return layer.weights.length === 0
    ? { action: "kept", why: "it has no weights" }
    : { action: "left", why: `no rule is defined for ${className}` };
}

function recurrentTreatmentOf(layer: tf.layers.Layer, kind: KernelLayerSpec["type"]): Treatment {
  const why = unlikeRecurrent(layer);
  return why === undefined
    ? { action: "converted", kind, recurrent: recurrentDefinition(layer, kind) }
    : { action: "left", why };
}

/** The activation of a layer where TensorFlow.js has it and bioflax does not: it becomes a layer of its own. */
export function foreignActivation({ activation }: Config): string | undefined {
  const name = String(activation ?? "linear");
  return fromTfActivation(name) === undefined ? name : undefined;
}
