import {
  activationName,
  BioflaxError,
  checkOptionNames,
  type DenseSpec,
  type GivenInitializer,
  getRule,
  type MirroringSpec,
  type OptionNames,
  type Rule,
  type RuleName,
  rules,
  type Shape,
  showValue,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import type { ActivationOption } from "../base/options";
import { fromSpec, type NetworkOptions } from "./from-spec";

/** Options of {@link bioNetwork}. */
export interface BioNetworkOptions extends NetworkOptions {
  /** The learning rule: `bp`, `fa`, `dfa` or any other of core's {@link rules}, or one of one's own. */
  readonly mode: RuleName | Rule;
  /** A rule for each layer, the output layer included; `mode` for all when left out. */
  readonly layerModes?: readonly (RuleName | Rule)[];
  /** Units of each hidden layer, from the input on. */
  readonly hiddenLayers: readonly number[];
  /** Activation of each hidden layer, or one for all; `relu` when left out. */
  readonly activations?: ActivationOption | readonly ActivationOption[];
  /** Units of the output layer. */
  readonly units: number;
  /** Shape of one example: [in]. */
  readonly inputShape: Shape;
  /** Activation of the output layer; `identity` when left out, so that the output is logits. */
  readonly outputActivation?: ActivationOption;
  /** Whether layers have biases; true when left out. */
  readonly useBias?: boolean;
  /** Starting kernels; `lecunNormal` when left out. */
  readonly kernelInitializer?: GivenInitializer;
  /** Starting biases; `zeros` when left out. */
  readonly biasInitializer?: GivenInitializer;
  /** Starting feedback weights; `lecunNormal` when left out. */
  readonly feedbackInitializer?: GivenInitializer;
  /** How many feedback weights of each unit are not zero, where they are fixed; all of them when left out. */
  readonly feedbackConnections?: number;
  /** How feedback weights mirror the kernels, under a rule that has them do so. */
  readonly mirroring?: MirroringSpec;
  /** Whether kernels keep the Frobenius norm they start with, under bioflax's optimizers; false when left out. */
  readonly constrainNorm?: boolean;
  /** The largest norm of a layer's gradient; a longer one is scaled down to it. */
  readonly clipNorm?: number;
}

const optionNames: OptionNames<BioNetworkOptions> = {
  seed: true,
  mode: true,
  layerModes: true,
  hiddenLayers: true,
  activations: true,
  units: true,
  inputShape: true,
  outputActivation: true,
  useBias: true,
  kernelInitializer: true,
  biasInitializer: true,
  feedbackInitializer: true,
  feedbackConnections: true,
  mirroring: true,
  constrainNorm: true,
  clipNorm: true,
};

function hiddenActivations({
  hiddenLayers,
  activations = "relu",
}: BioNetworkOptions): readonly ActivationOption[] {
  if (!Array.isArray(hiddenLayers)) {
    throw new BioflaxError(
      `bioNetwork: expected hiddenLayers to be a list of units, such as [500, 500], received ${showValue(hiddenLayers)}.`,
    );
  }
  if (!Array.isArray(activations)) return hiddenLayers.map(() => activations as ActivationOption);
  if (activations.length !== hiddenLayers.length) {
    throw new BioflaxError(
      `bioNetwork: expected an activation for each of the ${hiddenLayers.length} hidden layers, received ${activations.length}.`,
    );
  }
  return activations;
}

function rulesOf({ hiddenLayers, mode, layerModes }: BioNetworkOptions): readonly string[] {
  const layers = hiddenLayers.length + 1;
  if (layerModes === undefined)
    return Array.from({ length: layers }, () => rules.nameOf<string>(mode));
  if (layerModes.length !== layers) {
    throw new BioflaxError(
      `bioNetwork: expected layerModes to have a rule for each of the ${layers} layers, the output layer included, received ${layerModes.length}.`,
    );
  }
  return layerModes.map((rule) => rules.nameOf<string>(rule));
}

/**
 * A network of dense layers under one learning rule, or each under its own.
 *
 * @param options which rule, how many units where, and how they start. Input [batch, in], output [batch, units].
 * @returns a `tf.Sequential` that is ready for `compile` and `fit`.
 * @throws BioflaxError for options that do not fit together, or an unknown name.
 * @example
 * const model = bioNetwork({ mode: "dfa", hiddenLayers: [500, 500], units: 10, inputShape: [784] });
 */
export function bioNetwork(options: BioNetworkOptions): tf.Sequential {
  checkOptionNames("bioNetwork", options, optionNames);
  const {
    mode,
    hiddenLayers,
    units,
    inputShape,
    outputActivation = "identity",
    seed = 0,
  } = options;
  const given = (...keys: (keyof BioNetworkOptions & keyof DenseSpec)[]): Partial<DenseSpec> =>
    Object.fromEntries(
      keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])),
    );
  const shared = given(
    "useBias",
    "kernelInitializer",
    "biasInitializer",
    "feedbackInitializer",
    "mirroring",
    "constrainNorm",
    "clipNorm",
  );
  const names: readonly ActivationOption[] = [...hiddenActivations(options), outputActivation];
  const modes = rulesOf(options);
  const somewhere = modes.some((name) => getRule(name).hasFeedback);
  const layers = [...hiddenLayers, units].map((size, index): DenseSpec => {
    const activation = activationName(names[index] as ActivationOption);
    const rule = modes[index] as string;
    return {
      type: "dense",
      units: size,
      activation,
      ...shared,
      // Core refuses it where there is no feedback, which here is an error only if there is none in any layer.
      ...(getRule(rule).hasFeedback || !somewhere ? given("feedbackConnections") : {}),
      rule,
    };
  });
  return fromSpec({ inputShape, rule: rules.nameOf<string>(mode), layers }, undefined, {
    seed,
  }) as tf.Sequential;
}
