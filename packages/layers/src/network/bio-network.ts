import {
  type ActivationName,
  activationName,
  BioflaxError,
  type DenseSpec,
  type InitializerSpec,
  type RuleName,
  type Shape,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { fromSpec, type NetworkOptions } from "./from-spec";

/** Options of {@link bioNetwork}. */
export interface BioNetworkOptions extends NetworkOptions {
  /** The learning rule: `bp`, `fa`, `kp` or `dfa`. */
  readonly mode: RuleName;
  /** Units of each hidden layer, from the input on. */
  readonly hiddenLayers: readonly number[];
  /** Activation of each hidden layer, or one for all; `relu` when left out. */
  readonly activations?: string | readonly string[];
  /** Units of the output layer. */
  readonly units: number;
  /** Shape of one example: [in]. */
  readonly inputShape: Shape;
  /** Activation of the output layer; `identity` when left out, so that the output is logits. */
  readonly outputActivation?: string;
  /** Whether layers have biases; true when left out. */
  readonly useBias?: boolean;
  /** Starting kernels; `lecunNormal` when left out. */
  readonly kernelInitializer?: InitializerSpec;
  /** Starting biases; `zeros` when left out. */
  readonly biasInitializer?: InitializerSpec;
  /** Starting feedback weights; `lecunNormal` when left out. */
  readonly feedbackInitializer?: InitializerSpec;
}

function hiddenActivations({
  hiddenLayers,
  activations = "relu",
}: BioNetworkOptions): readonly string[] {
  if (!Array.isArray(hiddenLayers)) {
    throw new BioflaxError(
      `bioNetwork: expected hiddenLayers to be a list of units, such as [500, 500], received ${JSON.stringify(hiddenLayers)}.`,
    );
  }
  if (typeof activations === "string") return hiddenLayers.map(() => activations);
  if (activations.length !== hiddenLayers.length) {
    throw new BioflaxError(
      `bioNetwork: expected an activation for each of the ${hiddenLayers.length} hidden layers, received ${activations.length}.`,
    );
  }
  return activations;
}

/**
 * A network of dense layers under one learning rule.
 *
 * @param options which rule, how many units where, and how they start. Input [batch, in], output [batch, units].
 * @returns a `tf.Sequential` that is ready for `compile` and `fit`.
 * @throws BioflaxError for options that do not fit together, or an unknown name.
 * @example
 * const model = bioNetwork({ mode: "dfa", hiddenLayers: [500, 500], units: 10, inputShape: [784] });
 */
export function bioNetwork(options: BioNetworkOptions): tf.Sequential {
  const {
    mode,
    hiddenLayers,
    units,
    inputShape,
    outputActivation = "identity",
    seed = 0,
  } = options;
  const { useBias, kernelInitializer, biasInitializer, feedbackInitializer } = options;
  const shared = Object.fromEntries(
    Object.entries({ useBias, kernelInitializer, biasInitializer, feedbackInitializer }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const names: readonly string[] = [...hiddenActivations(options), outputActivation];
  const layers = [...hiddenLayers, units].map((size, index): DenseSpec => {
    const activation: ActivationName = activationName(names[index] as string);
    return { type: "dense", units: size, activation, ...shared };
  });
  return fromSpec({ inputShape, rule: mode, layers }, undefined, { seed });
}
