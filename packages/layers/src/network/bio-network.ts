import {
  activationName,
  BioflaxError,
  checkOptionNames,
  type GivenInitializer,
  type GivenLayer,
  getRule,
  type InitializerSpec,
  type LearningOptions,
  learningOptionNames,
  learningOptionsFor,
  type OptionNames,
  type Rule,
  type RuleName,
  rules,
  type Shape,
  showValue,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import type { ActivationOption } from "../base/options";
import { givenOptions } from "../kernel-layers/given-options";
import { fromSpec, type NetworkOptions } from "./from-spec";

/** Core's options as they may be given: definitions of initializers for their names. */
type WithGivenInitializers<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends InitializerSpec | undefined
    ? GivenInitializer
    : Options[Name];
};

/** Options of {@link bioNetwork}. */
export interface BioNetworkOptions
  extends NetworkOptions,
    Omit<WithGivenInitializers<LearningOptions>, "feedbackProjection"> {
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
}

// Its layers put out vectors, and feature maps are what a projection is for.
const { feedbackProjection: _ofImages, ...learningNames } = learningOptionNames;

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
  ...learningNames,
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
  const { useBias, kernelInitializer, biasInitializer } = options;
  const shared = {
    ...(useBias !== undefined && { useBias }),
    ...(kernelInitializer !== undefined && { kernelInitializer }),
    ...(biasInitializer !== undefined && { biasInitializer }),
  };
  const names: readonly ActivationOption[] = [...hiddenActivations(options), outputActivation];
  const modes = rulesOf(options);
  const learning = modes.map((name) => learningOptionsFor(options, getRule(name)));
  const used = Object.keys(Object.assign({}, ...learning));
  // What no layer's rule has a use for is left to core, which says why.
  const unused = Object.fromEntries(
    Object.entries(givenOptions(options, learningNames)).filter(([name]) => !used.includes(name)),
  );
  const layers = [...hiddenLayers, units].map((size, index): GivenLayer => {
    const activation = activationName(names[index] as ActivationOption);
    const rule = modes[index] as string;
    return {
      type: "dense",
      units: size,
      activation,
      ...shared,
      ...learning[index],
      ...unused,
      rule,
    };
  });
  return fromSpec({ inputShape, rule: rules.nameOf<string>(mode), layers }, undefined, {
    seed,
  }) as tf.Sequential;
}
