import type { LayerParameters } from "../layers/layer";
import type { TensorOps } from "../ops/tensor-ops";
import type { Route } from "./routes";

/** A paper, as a reference in the docs. */
export interface Paper {
  readonly authors: string;
  readonly year: number;
  readonly title: string;
  readonly where: string;
}

/**
 * A learning rule: how error signals reach the layers, and what becomes of the feedback weights.
 *
 * Everything else (the forward pass, φ′(a) ⊙ δ, the gradients of kernel and bias) belongs to the layer and is the
 * same for all rules. A rule says nothing about frameworks, and no code asks for a rule by name.
 */
export interface Rule {
  /** What it is called in configs and on the command line. */
  readonly name: string;
  /** What it is called in prose. */
  readonly title: string;
  /** Where it comes from. */
  readonly paper: Paper;
  /** The way an error signal takes: layer by layer, or straight from the output. */
  readonly route: Route;
  /** Whether layers keep feedback weights of their own; their shape is the route's to say. */
  readonly hasFeedback: boolean;
  /**
   * The matrix that carries the error: of the kernel's shape where the route is sequential (it stands for W in δ·Wᵀ),
   * [units, outputs] where it is direct.
   */
  transport<T>(ops: TensorOps<T>, parameters: LayerParameters<T>): T;
  /** The gradient that teaches the feedback weights; a rule without it keeps them fixed. */
  feedbackGradient?<T>(ops: TensorOps<T>, kernelGradient: T): T;
}

/**
 * The feedback weights of a layer that must have some.
 *
 * @throws Error when there are none, which is a bug in the caller and not in its input.
 */
export function feedbackOf<T>({ feedback }: LayerParameters<T>): T {
  if (feedback === undefined) throw new Error("This layer has no feedback weights under its rule.");
  return feedback;
}
