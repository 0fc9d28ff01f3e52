import {
  createNetwork,
  type LayerSpec,
  type NetworkSpec,
  type Rule,
  type RuleName,
  type Weights,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { BaseDense } from "../dense/base-dense";
import { DirectOutput } from "../dense/direct-output";
import { bioDense } from "../dense/factories";
import type { FeedbackOptions } from "../dense/options";
import { writeWeights } from "./weights";

/** Options of {@link fromSpec} and of {@link bioNetwork}. */
export interface NetworkOptions {
  /** Seed of the starting weights and of the noise, a whole number; 0 when left out. */
  readonly seed?: number;
}

const isDirect = ({ route }: Rule) => route.source === "output";
const nameOf = (rule: Rule) => rule.name as RuleName;

/** The output layer below which layers learn straight from its error. */
function directOutput(options: FeedbackOptions, rule: Rule): BaseDense {
  if (!isDirect(rule)) return new DirectOutput({ ...options, rule: nameOf(rule) });
  // Under such a rule an output layer has no feedback weights, and so nothing of what concerns them.
  const { feedbackInitializer, feedbackConnections, mirroring, ...rest } = options;
  return new DirectOutput(rest);
}

/** The layer each kind of spec becomes. */
const builders: Readonly<
  Record<
    LayerSpec["type"],
    (options: FeedbackOptions, rule: Rule, isDirectOutput: boolean) => BaseDense
  >
> = {
  dense: (options, rule, isDirectOutput) =>
    isDirectOutput ? directOutput(options, rule) : bioDense({ ...options, rule: nameOf(rule) }),
};

/**
 * The model a spec describes, as a `tf.Sequential` of bioflax's layers.
 *
 * Its layers are called `layers.0`, `layers.1`, …, start with the weights core's `initializeWeights` gives for the seed, and
 * read the noise core's `noiseTable` gives for it.
 *
 * @param spec the network; input [batch, ...inputShape].
 * @param weights starting weights by core's names; drawn from the seed when left out.
 * @throws BioflaxError for a spec core refuses, or weights that do not fit it.
 */
export function fromSpec(
  spec: NetworkSpec,
  weights?: Weights,
  { seed = 0 }: NetworkOptions = {},
): tf.Sequential {
  const { rules, layers } = createNetwork(spec);
  const learnsFromOutput = rules.some(isDirect);
  const model = tf.sequential();
  for (const [index, layer] of layers.entries()) {
    const { type, rule: _own, ...options } = layer.spec;
    const named = {
      ...options,
      name: `layers.${index}`,
      seed,
      ...(index === 0 ? { inputShape: [...spec.inputShape] } : {}),
    };
    const isOutput = index === layers.length - 1;
    model.add(builders[type](named, rules[index] as Rule, isOutput && learnsFromOutput));
  }
  if (weights !== undefined) writeWeights(model, weights);
  return model;
}
