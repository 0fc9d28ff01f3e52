import {
  type DirectRuleName,
  feedbackProjectionOf,
  feedbackWeightOptionNames,
  type LearningOptions,
  learningOptionNames,
  learningOptionsFor,
  type OptionNames,
  type Rule,
  type RuleName,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { AsLayersTake } from "../base/options";
import { DirectFeedback } from "../direct/direct-feedback";
import { errorSource } from "../direct/error-source";
import { DirectConv2d, DirectHidden } from "../kernel-layers/direct-layer";
import { DirectOutput } from "../kernel-layers/direct-output";
import { givenOptions } from "../kernel-layers/given-options";
import { isDirect } from "../kernel-layers/is-direct";
import { SequentialConv2d, SequentialDense } from "../kernel-layers/sequential-layer";
import { bioLayer, bioLayerNames } from "../own-layers/own-layer";
import { configOf, madeFrom, sameLayer } from "./copy-model";
import type { Step } from "./plan";
import { recurrentConfig } from "./recurrent";
import { foreignActivation, type Kind } from "./treatments";

/** Options of {@link convert}. */
export interface ConvertOptions extends AsLayersTake<Omit<LearningOptions, "feedbackAlignment">> {
  /** The rule of every layer that a rule can teach. */
  rule: RuleName | Rule;
  /** Rules of some layers, by their names, or by path, `outer/inner`, in a model used as a layer. */
  layerRules?: Readonly<Record<string, RuleName | Rule>>;
  /** Seed of feedback weights and noise, a whole number; 0 when left out. */
  seed?: number;
}

// A layer that is made anew is aligned with the kernel it starts with, not with the one it is then given.
const { feedbackAlignment: _atTheStart, ...learningNames } = learningOptionNames;

/** What they are called. */
export const convertNames: OptionNames<ConvertOptions> = {
  ...learningNames,
  rule: true,
  layerRules: true,
  seed: true,
};

type Config = tf.serialization.ConfigDict;

/** Options of the registry's layers by what TensorFlow.js calls them, where that is something else. */
const renamed = (config: Config, part: "depthwise" | "pointwise" | "embeddings"): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.startsWith(part) ? `kernel${key.slice(part.length)}` : key,
      value,
    ]),
  );

/** What TensorFlow.js calls the kernel in the options of some kinds. */
const kernelParts: { readonly [K in Kind]?: "depthwise" | "embeddings" } = {
  depthwiseConv2d: "depthwise",
  embedding: "embeddings",
};

/** Of a configuration, what a layer of a type takes. */
const configFor = (type: string, config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([key, value]) => value != null && Object.hasOwn(bioLayerNames(type), key),
    ),
  );

/** A layer of a kind under a rule. */
function ruledLayer(kind: Exclude<Kind, "separableConv2d">, config: Config): tf.layers.Layer {
  if (kind !== "dense" && kind !== "conv2d")
    return bioLayer(kind, configFor(kind, config) as never);
  const isHidden = isDirect(config.rule as RuleName);
  if (kind === "dense") return madeFrom(isHidden ? DirectHidden : SequentialDense, config);
  return madeFrom(isHidden ? DirectConv2d : SequentialConv2d, config);
}

/** A separable convolution as its two. */
function separated(config: Config): tf.layers.Layer[] {
  const { biasInitializer: _i, biasRegularizer: _r, biasConstraint: _c, ...first } = config;
  const { batchInputShape: _shape, ...second } = config;
  return [
    ruledLayer("depthwiseConv2d", {
      ...renamed(first, "depthwise"),
      name: `${config.name}_depthwise`,
      activation: "linear",
      useBias: false,
    }),
    ruledLayer("conv2d", {
      ...renamed(second, "pointwise"),
      kernelSize: 1,
      strides: 1,
      padding: "valid",
      dilationRate: 1,
    }),
  ];
}

/** The layers that learn by a rule in a layer's place. */
function learning(
  { place, treatment, rule, isSource }: Step,
  options: ConvertOptions,
): tf.layers.Layer[] {
  const config = configOf(place.layer);
  const foreign = foreignActivation(config);
  const ruled = {
    ...config,
    ...(foreign === undefined ? {} : { activation: "linear" }),
    ...(rule === undefined
      ? {}
      : (learningOptionsFor(options, rule) as tf.serialization.ConfigDict)),
    seed: options.seed ?? 0,
    rule: rule?.name as RuleName,
  };
  if (isSource) return [madeFrom(DirectOutput, ruled)];
  const kind = treatment.action === "converted" ? treatment.kind : "dense";
  if (kind === "separableConv2d") return separated(ruled);
  if (treatment.action === "converted" && treatment.recurrent !== undefined)
    return [ruledLayer(kind, recurrentConfig(ruled))];
  const part = kernelParts[kind];
  return [ruledLayer(kind, part === undefined ? ruled : renamed(ruled, part))];
}

/** What takes the place of a layer, but for what stands after it for errors. */
export function replacementsOf(step: Step, options: ConvertOptions): tf.layers.Layer[] {
  const { place, treatment } = step;
  const config = place.layer.getConfig();
  if (treatment.action === "replaced")
    return [treatment.make({ ...config, seed: options.seed ?? 0 })];
  if (treatment.action !== "converted") return [sameLayer(place.layer)];
  const activation = foreignActivation(config);
  const name = `${place.layer.name}_activation`;
  return [
    ...learning(step, options),
    ...(activation === undefined
      ? []
      : [tf.layers.activation({ activation: activation as "relu", name })]),
  ];
}

/** The layer at which the error of a converted layer arrives. */
export function feedbackFor(
  { place, treatment, rule }: Step,
  options: ConvertOptions,
): DirectFeedback {
  const recurrent = treatment.action === "converted" ? treatment.recurrent : undefined;
  return new DirectFeedback({
    ...(recurrent && { feedbackProjection: feedbackProjectionOf(recurrent) }),
    ...givenOptions(options as AsLayersTake<LearningOptions>, feedbackWeightOptionNames),
    name: `${place.layer.name}_feedback`,
    rule: rule?.name as DirectRuleName,
    seed: options.seed ?? 0,
  });
}

/** A model with the layers at its outputs that tell hidden layers of the error there. */
export function withEnds(model: tf.LayersModel, tellsAt: readonly boolean[]): tf.LayersModel {
  if (!tellsAt.includes(true)) return model;
  if (model instanceof tf.Sequential) {
    model.add(errorSource());
    return model;
  }
  const outputs = model.outputs.map((symbol, i) =>
    tellsAt[i] ? (errorSource().apply(symbol) as tf.SymbolicTensor) : symbol,
  );
  const made = tf.model({ inputs: model.inputs, outputs, name: model.name });
  if (!model.trainable) made.trainable = false;
  return made;
}
