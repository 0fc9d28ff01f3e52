import {
  activationName,
  BioflaxError,
  checkRule,
  type FeedbackRole,
  type InitializerSpec,
  type KernelLayer,
  type KernelLayerSpec,
  type LearningOptions,
  layerOf,
  learningOptionNames,
  type Rule,
} from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import type { FeedbackWeightOptions, KernelFeedbackOptions } from "../base/options";
import {
  type Penalties,
  type ResolvedInitializer,
  resolveInitializer,
  resolvePenalties,
  shaped,
} from "../base/resolve-options";
import { givenOptions } from "./given-options";
import type { LayerKind } from "./kinds";

/** The roles of the weights a layer with a kernel may have. */
export type KernelRole = "kernel" | "bias" | FeedbackRole;

/** A layer's options, checked and resolved. */
export interface ResolvedLayer {
  /** The layer as core has it, with all that its rule asks for. */
  readonly spec: KernelLayerSpec;
  /** How each weight starts. */
  readonly initializers: Readonly<Record<KernelRole, ResolvedInitializer>>;
  readonly penalties: Penalties;
  /** All of it as plain JSON, as it is saved. */
  readonly config: tf.serialization.ConfigDict;
}

/**
 * Those of a layer's options that say how it learns, beside its rule and how its weights start, as far as they are
 * given.
 */
function learningOf(options: KernelFeedbackOptions): Omit<LearningOptions, "feedbackInitializer"> {
  const { feedbackInitializer: _starting, ...learning } = givenOptions(
    options,
    learningOptionNames,
  );
  return learning;
}

/**
 * A layer's spec with its feedback initializer, which rules may ask for its distribution.
 *
 * @param initializer undefined where it is one of TensorFlow.js's: those do not tell, and a rule that asks is refused.
 */
function withFeedbackInitializer(
  spec: KernelLayerSpec,
  initializer: InitializerSpec | undefined,
  rule: Rule,
): KernelLayerSpec {
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
 * How feedback weights start: from their initializer, and shaped as is asked for.
 *
 * @param kernel how the kernel starts that the feedback weights stand for; undefined where that is no one kernel.
 */
export function resolveFeedback(
  {
    feedbackInitializer,
    feedbackRank: rank,
    feedbackConnections: connections,
    feedbackAlignment: alignment,
  }: FeedbackWeightOptions,
  kernel?: ResolvedInitializer,
): {
  readonly initializer: ResolvedInitializer;
  readonly starting: ResolvedInitializer;
} {
  const initializer = resolveInitializer(
    "feedbackInitializer",
    feedbackInitializer ?? "lecunNormal",
  );
  const isShaped = (rank ?? connections ?? alignment) != null;
  const structure = { rank, connections, alignment };
  return { initializer, starting: isShaped ? shaped(initializer, structure, kernel) : initializer };
}

/**
 * Resolves a layer's options.
 *
 * @throws BioflaxError for a bad option, or a layer that cannot learn by the rule.
 */
export function resolveLayer(
  options: KernelFeedbackOptions,
  {
    definition,
    spec: own,
    probe,
    activation: usual = "identity",
    useBias: usualBias = true,
  }: LayerKind,
  rule: Rule,
): ResolvedLayer {
  const useBias = options.useBias ?? usualBias;
  const activation = activationName(options.activation ?? usual);
  const kernel = resolveInitializer(
    "kernelInitializer",
    options.kernelInitializer ?? "lecunNormal",
  );
  const bias = resolveInitializer("biasInitializer", options.biasInitializer ?? "zeros");
  const projection = resolveInitializer(
    "errorProjection",
    rule.errorProjection?.initializer ?? "zeros",
  );
  const isOwn = rule.route.source !== "output";
  // Of two factors, the rank is how many units are between them.
  const starting =
    rule.errorProjection === undefined ? options : { ...options, feedbackRank: null };
  const feedback = resolveFeedback(starting as typeof options, isOwn ? kernel : undefined);
  const learning = learningOf(options);
  const spec = withFeedbackInitializer(
    { ...own, activation, useBias, ...learning },
    feedback.initializer.spec,
    rule,
  );
  // The input is not known yet, and no rule minds it.
  const layer = layerOf(definition, spec, probe) as KernelLayer;
  checkRule(rule, layer);
  rule.noise?.(layer);
  const penalties = resolvePenalties(options);
  const { type, ...ownConfig } = own;
  return {
    spec,
    initializers: { kernel, bias, feedback: feedback.starting, errorProjection: projection },
    penalties,
    config: {
      ...(ownConfig as object),
      activation,
      useBias,
      kernelInitializer: kernel.config,
      biasInitializer: bias.config,
      feedbackInitializer: feedback.initializer.config,
      ...(learning as tf.serialization.ConfigDict),
      ...penalties.config,
    },
  };
}
