import {
  type DirectRuleName,
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
import { madeFrom, sameLayer } from "./copy-model";
import type { Step } from "./plan";
import { foreignActivation } from "./treatments";

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

/** The layer that learns by a rule in a layer's place. */
function learning(
  { place, treatment, rule, isSource }: Step,
  options: ConvertOptions,
): tf.layers.Layer {
  const config = place.layer.getConfig();
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
  if (isSource) return madeFrom(DirectOutput, ruled);
  const isDense = treatment.action === "converted" && treatment.kind === "dense";
  return rule !== undefined && isDirect(rule.name as RuleName)
    ? madeFrom(isDense ? DirectHidden : DirectConv2d, ruled)
    : madeFrom(isDense ? SequentialDense : SequentialConv2d, ruled);
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
    learning(step, options),
    ...(activation === undefined
      ? []
      : [tf.layers.activation({ activation: activation as "relu", name })]),
  ];
}

/** The layer at which the error of a converted layer arrives. */
export function feedbackFor({ place, rule }: Step, options: ConvertOptions): DirectFeedback {
  return new DirectFeedback({
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
