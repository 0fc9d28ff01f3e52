import {
  activationName,
  BioflaxError,
  checkRule,
  createLayer,
  type InitializerSpec,
  type LayerSpec,
  type ParameterRole,
  type Rule,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import type { DenseOptions, FeedbackOptions } from "./options";
import {
  type Penalties,
  type ResolvedInitializer,
  resolveInitializer,
  resolvePenalties,
  sparse,
} from "./resolve-options";

type TfLayerOptions = NonNullable<ConstructorParameters<typeof tf.layers.Layer>[0]>;

/** What TensorFlow.js's base class reads; anything else a loaded config carries is not ours. */
export function baseOptions({
  inputShape,
  inputDim,
  batchInputShape,
  batchSize,
  name,
  trainable,
  weights,
}: DenseOptions): TfLayerOptions {
  const given = {
    inputShape: inputShape ?? (inputDim === undefined ? undefined : [inputDim]),
    batchInputShape,
    batchSize,
    name,
    trainable,
    weights,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}

/** Refuses what `tf.layers.dense` takes and these layers do not. */
export function checkForeignOptions(
  options: { readonly dtype?: string | null; readonly activityRegularizer?: unknown },
  fail: (message: string) => never,
): void {
  const { dtype, activityRegularizer } = options;
  if (dtype != null && dtype !== "float32") fail(`expected dtype float32, received ${dtype}.`);
  if (activityRegularizer != null)
    fail("activityRegularizer is not supported: TensorFlow.js refuses layers that have one.");
}

/** A dense layer's options, checked and resolved. */
export interface ResolvedDense {
  /** The layer as core has it, with all that its rule asks for. */
  readonly spec: LayerSpec;
  /** How each weight starts. */
  readonly initializers: Readonly<Record<ParameterRole, ResolvedInitializer>>;
  readonly penalties: Penalties;
  /** All of it as plain JSON, as it is saved. */
  readonly config: tf.serialization.ConfigDict;
}

const LEARNING = ["feedbackConnections", "mirroring", "constrainNorm", "clipNorm"] as const;

/** Those of a layer's options that say how it learns, beside its rule, as far as they are given. */
function learningOptions(options: FeedbackOptions): Pick<LayerSpec, (typeof LEARNING)[number]> {
  return Object.fromEntries(
    LEARNING.flatMap((key) => (options[key] == null ? [] : [[key, options[key]]])),
  );
}

/**
 * A layer's spec with its feedback initializer, which rules may ask for its distribution.
 *
 * @param initializer undefined where it is one of TensorFlow.js's: those do not tell, and a rule that asks is refused.
 */
function withFeedbackInitializer(
  spec: LayerSpec,
  initializer: InitializerSpec | undefined,
  rule: Rule,
): LayerSpec {
  if (initializer !== undefined) return { ...spec, feedbackInitializer: initializer };
  return Object.defineProperty({ ...spec }, "feedbackInitializer", {
    get() {
      throw new BioflaxError(
        `feedbackInitializer: the rule "${rule.name}" needs to know its distribution, and one of TensorFlow.js's does not tell. ` +
          'Give one of bioflax\'s, by name or as { name, … }, such as { name: "normal", stddev: 0.05 }.',
      );
    },
  });
}

/**
 * Resolves a layer's options.
 *
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 */
export function resolveDense(options: FeedbackOptions, rule: Rule): ResolvedDense {
  const { units, useBias = true } = options;
  const activation = activationName(options.activation ?? "identity");
  const initializer = (role: ParameterRole, fallback: InitializerSpec) =>
    resolveInitializer(`${role}Initializer`, options[`${role}Initializer`] ?? fallback);
  const kernel = initializer("kernel", "lecunNormal");
  const bias = initializer("bias", "zeros");
  const feedback = initializer("feedback", "lecunNormal");
  const learning = learningOptions(options);
  const spec = withFeedbackInitializer(
    { type: "dense", units, activation, useBias, ...learning },
    feedback.spec,
    rule,
  );
  // The number of inputs is not known yet, and no rule minds it.
  const layer = createLayer(spec, [1]);
  checkRule(rule, layer);
  rule.noise?.(layer);
  const penalties = resolvePenalties(options);
  const { feedbackConnections } = learning;
  return {
    spec,
    initializers: {
      kernel,
      bias,
      feedback:
        feedbackConnections === undefined ? feedback : sparse(feedback, feedbackConnections),
    },
    penalties,
    config: {
      units,
      activation,
      useBias,
      kernelInitializer: kernel.config,
      biasInitializer: bias.config,
      feedbackInitializer: feedback.config,
      ...(learning as tf.serialization.ConfigDict),
      ...penalties.config,
    },
  };
}
