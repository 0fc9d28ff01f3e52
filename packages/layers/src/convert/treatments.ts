import type * as tf from "@tensorflow/tfjs";
import {
  AveragePooling2d,
  BatchNormalization,
  Dropout,
  GlobalMaxPooling2d,
  MaxPooling2d,
} from "../kernel-free-layers/layers";
import { fromTfActivation } from "../network/tf-activations";

import { madeFrom } from "./copy-model";

type Config = Readonly<Record<string, unknown>>;

/** What becomes of a layer of TensorFlow.js's. */
export type Treatment =
  /** A rule teaches it. */
  | { readonly action: "converted"; readonly kind: "dense" | "conv2d" }
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

const isChannelsLast = ({ dataFormat }: Config) =>
  dataFormat == null || dataFormat === "channelsLast";

/** Whether the extents of a layer's input are known, but for the batch. */
export const isSized = ({ inboundNodes }: tf.layers.Layer) =>
  inboundNodes[0]?.inputTensors[0]?.shape.slice(1).every((extent) => extent != null) === true;

interface Replacement {
  readonly why: string;
  make(config: tf.serialization.ConfigDict): tf.layers.Layer;
  /** Whether ours does all that the layer does. */
  fits(config: Config, layer: tf.layers.Layer): boolean;
}

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
  BatchNormalization: {
    why: "so that it learns without γ or β too",
    make: (config) => madeFrom(BatchNormalization, config),
    fits(config, { inboundNodes }) {
      const rank = inboundNodes[0]?.inputTensors[0]?.rank ?? 0;
      const options = ["betaRegularizer", "gammaRegularizer", "betaConstraint", "gammaConstraint"];
      return (
        (config.axis === -1 || config.axis === rank - 1) &&
        options.every((option) => config[option] == null)
      );
    },
  },
};

const KERNELS: Readonly<Record<string, "dense" | "conv2d">> = { Dense: "dense", Conv2D: "conv2d" };

/** What becomes of a layer of TensorFlow.js's, apart from what the rule says. */
export function treatmentOf(layer: tf.layers.Layer): Treatment {
  const className = layer.getClassName();
  const config = layer.getConfig();
  const kind = Object.hasOwn(KERNELS, className) ? KERNELS[className] : undefined;
  if (kind !== undefined && !isChannelsLast(config))
    return {
      action: "left",
      why: `images with the dataFormat ${config.dataFormat} are not supported`,
    };
  if (kind !== undefined) return { action: "converted", kind };
  const replacement = Object.hasOwn(replacements, className) ? replacements[className] : undefined;
  if (replacement?.fits(config, layer))
    return { action: "replaced", why: replacement.why, make: replacement.make };
  return layer.weights.length === 0
    ? { action: "kept", why: "it has no weights" }
    : { action: "left", why: `no rule is defined for ${className}` };
}

/** The activation of a layer where TensorFlow.js has it and bioflax does not: it becomes a layer of its own. */
export function foreignActivation({ activation }: Config): string | undefined {
  const name = String(activation ?? "linear");
  return fromTfActivation(name) === undefined ? name : undefined;
}
