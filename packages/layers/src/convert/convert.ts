import { BioflaxError, checkOptionNames, type RuleName, rules } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { expectModel } from "../base/container";
import { linkModel } from "../direct/link-model";
import { isModulated } from "../kernel-layers/is-direct";
import { BaseKernelLayer } from "../kernel-layers/kernel-layer";
import { whyNotFit } from "../kernel-layers/why-not-fit";
import { copying, copyModel, copyValues, valuesOf } from "./copy-model";
import { type ConvertOptions, convertNames, feedbackFor, replacementsOf, withEnds } from "./make";
import { placesOf } from "./places";
import { type Plan, planFor, type Step } from "./plan";
import { joinedKernels } from "./recurrent";
import { toLayersModel } from "./to-layers-model";
import { foreignActivation } from "./treatments";

/** What has become of a layer. */
export interface ConversionEntry {
  /** Its name, with those of the models around it: `outer/inner`. */
  readonly layer: string;
  /** Its class in TensorFlow.js. */
  readonly className: string;
  /**
   * `converted`: a rule teaches it. `replaced`: one of bioflax's layers does the same in its place. `kept`: it stays,
   * having nothing to learn. `left`: it stays, and learns by backpropagation of whatever error arrives at it.
   */
  readonly action: "converted" | "replaced" | "kept" | "left";
  /** Its rule, if it was converted. */
  readonly rule?: RuleName;
  /** Why, as the end of a sentence. */
  readonly why: string;
}

/** A converted model, and what has become of each layer. */
export interface Conversion {
  readonly model: tf.LayersModel;
  readonly report: readonly ConversionEntry[];
}

/** Gives a layer's weights to what takes its place. */
function copyWeights(from: tf.layers.Layer, to: readonly tf.layers.Layer[]): void {
  const isRecurrent = to.some(
    (layer) => layer instanceof BaseKernelLayer && layer.definition.recurrence !== undefined,
  );
  const weights = to.flatMap((layer) =>
    layer instanceof BaseKernelLayer ? layer.forwardWeights : layer.weights,
  );
  copying(from, () =>
    tf.tidy(() => {
      const values = valuesOf(from.weights);
      copyValues(isRecurrent ? joinedKernels(values) : values, weights);
    }),
  );
}

function reportOf({ steps, reached }: Plan): ConversionEntry[] {
  return steps.flatMap(({ place, treatment, rule }) => {
    const { layer, path } = place;
    const className = layer.getClassName();
    if (className === "InputLayer") return [];
    const learnsNothing =
      treatment.action === "left" && !reached.has(layer)
        ? ", and no error reaches it, because the layers above pass none on: it does not learn"
        : "";
    const activation = foreignActivation(layer.getConfig());
    const isSeparable = treatment.action === "converted" && treatment.kind === "separableConv2d";
    const taught = isSeparable
      ? "the rule teaches it, as a depthwise and a pointwise convolution"
      : "the rule teaches it";
    const why =
      treatment.action !== "converted"
        ? `${treatment.why}${learnsNothing}`
        : activation === undefined
          ? taught
          : `${taught}; its activation, ${activation}, is a layer of its own now`;
    const entry = { layer: path, className, action: treatment.action, why };
    return [rule === undefined ? entry : { ...entry, rule: rule.name as RuleName }];
  });
}

/** Whether any layer of a model is one of bioflax's. */
const isOurs = (model: tf.LayersModel) =>
  placesOf(model).some(({ layer }) => layer.getClassName().startsWith("Bioflax"));

/**
 * The same model under a learning rule: any `tf.LayersModel`, sequential or functional, with models used as layers and
 * layers used several times, made in code or loaded from disk.
 *
 * Dense layers, embeddings and convolutions, depthwise, transposed and along sequences among them, learn by the rule,
 * with the weights they have, their regularizers, constraints and `trainable`; a separable convolution becomes two. So do
 * `simpleRNN` and `gru` over sequences of one length, where they are what bioflax's are. Max and average pooling,
 * dropout, normalisations and PReLU become bioflax's, which do the same. Other layers stay: those with weights learn by
 * backpropagation of whatever error arrives at them, where TensorFlow.js can do that on the backend that is set, which
 * the report says. Under a rule whose errors come straight from the output, a dense layer at the end becomes the output
 * layer, and each hidden layer's error arrives after the normalisation, activation and pooling that follow it, at a
 * {@link directFeedback}.
 *
 * @param given the model, which stays as it is.
 * @param options `rule`, `layerRules`, `seed`, and how the layers learn beside their rule, as in {@link bioDense}.
 * @returns the new model, to be compiled, and what has become of each layer.
 * @throws BioflaxError for an unknown rule or layer name, a layer that cannot learn by its rule or that waits for an
 *   error which the layers above do not pass on, or a model without layers.
 * @example
 * const { model, report } = convert(await tf.loadLayersModel("file://model.json"), { rule: "dfa" });
 * console.table(report);
 */
export function convert(given: tf.LayersModel, options: ConvertOptions): Conversion {
  expectModel("convert", given);
  if (Object.hasOwn(options ?? {}, "feedbackAlignment"))
    throw new BioflaxError(
      "convert: feedbackAlignment is with the kernels that training begins with, and a converted layer is given its own later. Take the spec of the model " +
        "under bp, by toSpec, and give its layers another rule and that option: withFeedback of @bioflax/core draws their feedback weights, for fromSpec.",
    );
  checkOptionNames("convert", options, convertNames);
  const wanted = [options.rule, ...Object.values(options.layerRules ?? {})];
  const modulated = wanted.find(isModulated);
  if (modulated !== undefined)
    throw new BioflaxError(
      `convert: the rule "${rules.nameOf(modulated)}" sends the data through the whole network a second time, which fit cannot. Convert with the rule bp, give the ` +
        "network's spec, by toSpec, that rule, make a model of it with fromSpec, and train that with trainModel.",
    );
  for (const name of wanted.map((rule) => rules.nameOf<string>(rule))) {
    const reason = rules.has(name) ? whyNotFit(rules.get(name)) : undefined;
    if (reason !== undefined) throw new BioflaxError(`convert: ${reason}`);
  }
  if (given.layers.length === 0)
    throw new BioflaxError("convert: expected a model with layers, received one without.");
  const source = isOurs(given) ? toLayersModel(given) : given;
  const places = placesOf(source);
  const plan = planFor(source, places, options);
  const steps = new Map(plan.steps.map((step) => [step.place.layer, step]));
  const feedbackTargets = new Map(plan.steps.map((step) => [step.feedbackTarget, step]));
  const made = new Map<tf.layers.Layer, readonly tf.layers.Layer[]>();
  const copy = copyModel(source, (layer) => {
    const step = steps.get(layer) as Step;
    const layers = replacementsOf(step, options);
    made.set(layer, layers);
    const received = feedbackTargets.get(layer);
    return received === undefined ? layers : [...layers, feedbackFor(received, options)];
  });
  const model = withEnds(copy, plan.tellsAt);
  if (plan.tellsAt.some(Boolean) || plan.steps.some(({ isSource }) => isSource)) linkModel(model);
  for (const [from, to] of made) copyWeights(from, to);
  return { model, report: reportOf(plan) };
}
