import type { Distribution } from "../initializers/initializer";
import { createInitializer } from "../initializers/registry";
import type { KernelLayer, KernelParameters } from "../layers/layer";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { Noise } from "../random/noise";
import type { Definition } from "../registry";
import type { ErrorProjection } from "./error-projection";
import type { Route, SourceOfErrors } from "./routes";

/** A paper, as a reference in the docs. */
export interface Paper {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly where: string;
}

/** A layer as its rule sees it. */
export interface LayerContext<T> {
  readonly layer: KernelLayer;
  readonly rule: Rule;
  readonly parameters: KernelParameters<T>;
}

/** What a network's output can tell its layers. All [batch, outputs]. */
export interface OutputSignals<T> {
  /** The error signal at the pre-activation of the output layer. */
  readonly error: T;
  /** −t / batch, what the target makes up of the error: see {@link Loss.targetSignal}. Only for rules that need it. */
  readonly target?: T | undefined;
  /**
   * The error signal that there was for the same examples when they were last trained on, over this batch; −t / batch
   * where they have not been: see {@link Rule.needsDelayedError}. Only for rules that need it.
   */
  readonly delayed?: T | undefined;
  /**
   * What each example's error has been multiplied by, [batch, 1] or for each output; undefined where examples are not
   * weighted.
   */
  readonly weights?: T | undefined;
  /**
   * How much, to first order, the noise that rules draw for what their layers put out changes the pre-activation of the
   * output layer. Only for rules that need it: see {@link Rule.needsOutputTangent}.
   */
  readonly outputTangent?: T | undefined;
}

/** What feedback weights may learn from. */
export interface FeedbackGradientInputs<T> {
  /** The layer, with the weights of this step. */
  readonly context: LayerContext<T>;
  /** The layer's input h, [batch, ...input]. */
  readonly input: T;
  /** The error e at the layer's pre-activation, [batch, ...output]. */
  readonly error: T;
  /** The gradient of the layer's kernel, within its `clipNorm`. */
  readonly kernelGradient: T;
  /**
   * What the output's error would be sent to: the layer's output y, as `route.targetOutput` gives it, [batch, units].
   */
  readonly output: T;
  /** The error signal at the pre-activation of the network's output layer, [batch, outputs]. */
  readonly outputError: T;
  /**
   * {@link OutputSignals.outputTangent}, [batch, outputs], where the rule needs it; the noise itself is in the context's
   * parameters.
   */
  readonly outputTangent?: T | undefined;
}

/**
 * A learning rule: how error signals reach the layers, and what becomes of the feedback weights.
 *
 * Everything else (the forward pass, φ′(a) ⊙ δ, the gradients of kernel and bias) belongs to the layer and is the
 * same for all rules. A rule says nothing about frameworks, and no code asks for a rule by name.
 */
export interface Rule<Source extends SourceOfErrors = SourceOfErrors> extends Definition {
  /** What it is called in prose. */
  readonly title: string;
  /** Where it comes from, if it has been published. */
  readonly paper?: Paper;
  /** What carries the error, and what becomes of it, in a few words and symbols for the docs. */
  readonly formula: { readonly transport: string; readonly feedback: string };
  /** The way an error signal takes: layer by layer, or straight from the output. */
  readonly route: Route<Source>;
  /** Whether layers keep feedback weights of their own; their shape is the route's to say. */
  readonly hasFeedback: boolean;
  /**
   * Weights by which errors go to units of their own, before the feedback weights, where the route is sequential; none
   * when left out.
   */
  readonly errorProjection?: ErrorProjection;
  /**
   * The matrix that carries the error: of the kernel's shape where the route is sequential (it stands for W in δ·Wᵀ),
   * [units, outputs] where it is direct, the units being those of what receives the error.
   */
  transport<T>(ops: TensorOps<T>, context: LayerContext<T>): T;
  /** What the output sends to the layer, [batch, outputs], where the route is direct; the error when left out. */
  outputSignal?<T>(ops: TensorOps<T>, output: OutputSignals<T>): T;
  /** Whether {@link outputSignal} reads the target's signal, which only some losses have. */
  readonly needsTarget?: boolean;
  /**
   * Whether {@link outputSignal} reads the errors of the examples' last time, which whoever trains remembers from epoch
   * to epoch.
   */
  readonly needsDelayedError?: boolean;
  /** The gradient that teaches the feedback weights, for the optimizer; a rule without it leaves them to themselves. */
  feedbackGradient?<T>(ops: TensorOps<T>, inputs: FeedbackGradientInputs<T>): T;
  /**
   * Whether {@link feedbackGradient} reads the output's tangent: the first of the rule's noise, of each example's own
   * feedback target, is the direction in which what that puts out is taken to change.
   */
  readonly needsOutputTangent?: boolean;
  /**
   * Random numbers the rule needs anew at every step; it finds them, in this order, in the parameters' `noise`.
   *
   * @param feedbackTarget shape of what receives errors straight from the output for the layer, or in a second pass;
   *   left out where nothing does.
   */
  noise?(layer: KernelLayer, feedbackTarget?: Shape): readonly Noise[];
  /** The feedback weights after a phase without data that comes before each step, from its noise, if it has any. */
  mirror?<T>(ops: TensorOps<T>, context: LayerContext<T>): T;
  /** Why a layer cannot learn by this rule, as the end of a sentence; undefined when it can. */
  refuses?(layer: KernelLayer): string | undefined;
}

/**
 * The feedback weights of a layer that must have some.
 *
 * @throws Error when there are none, which is a bug in the caller and not in its input.
 */
export function feedbackOf<T>({ parameters: { feedback } }: LayerContext<T>): T {
  if (feedback === undefined) throw new Error("This layer has no feedback weights under its rule.");
  return feedback;
}

/** What the magnitudes that stand for a layer's feedback weights are drawn from: its `feedbackInitializer`. */
export function feedbackDistribution({ spec, fans }: KernelLayer): Distribution {
  return createInitializer(spec.feedbackInitializer ?? "lecunNormal")(fans);
}
