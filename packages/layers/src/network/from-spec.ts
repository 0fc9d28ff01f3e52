import {
  createNetwork,
  type LayerSpec,
  type NetworkSpec,
  type Route,
  type Weights,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { BaseDense } from "../dense/base-dense";
import { DirectHidden } from "../dense/direct-hidden";
import { DirectOutput } from "../dense/direct-output";
import type { FeedbackOptions } from "../dense/options";
import { SequentialDense } from "../dense/sequential-dense";
import { writeWeights } from "./weights";

/** Options of {@link fromSpec} and of {@link bioNetwork}. */
export interface NetworkOptions {
  /** Seed of the starting weights, a whole number; 0 when left out. */
  readonly seed?: number;
}

type Build = (options: FeedbackOptions, spec: NetworkSpec, isOutput: boolean) => BaseDense;

/** The layer each kind of spec becomes on each kind of route. */
const builders: Readonly<Record<LayerSpec["type"], Readonly<Record<Route["source"], Build>>>> = {
  dense: {
    above: (options, { rule }) => new SequentialDense({ ...options, rule }),
    output: (options, { rule }, isOutput) =>
      isOutput ? new DirectOutput(options) : new DirectHidden({ ...options, rule }),
  },
};

/**
 * The model a spec describes, as a `tf.Sequential` of bioflax's layers.
 *
 * Its layers are called `layers.0`, `layers.1`, …, and start with the weights core's `initializeWeights` gives for the seed.
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
  const { rule, layers } = createNetwork(spec);
  const model = tf.sequential();
  for (const [index, layer] of layers.entries()) {
    const { type, ...options } = layer.spec;
    const named = {
      ...options,
      name: `layers.${index}`,
      seed,
      ...(index === 0 ? { inputShape: [...spec.inputShape] } : {}),
    };
    model.add(builders[type][rule.route.source](named, spec, index === layers.length - 1));
  }
  if (weights !== undefined) writeWeights(model, weights);
  return model;
}
