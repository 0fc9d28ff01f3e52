import type { ActivationName } from "../activations/registry";
import type { InitializerSpec } from "../initializers/registry";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { RuleName } from "../rules/registry";

/** A layer's weights: the kernel, the bias if it has one, and the feedback weights if its rule keeps some. */
export interface LayerParameters<T> {
  readonly kernel: T;
  readonly bias?: T | undefined;
  readonly feedback?: T | undefined;
  /** Not weights: the random numbers of this step, where the layer's rule needs some. */
  readonly noise?: readonly T[] | undefined;
}

/** Which of a layer's weights one is. */
export type ParameterRole = "kernel" | "bias" | "feedback";

/** What a layer's forward pass keeps for its backward pass. */
export interface Residuals<T> {
  /** The layer's input h, [batch, in]. */
  readonly input: T;
  /** The pre-activation a = h·W + b, [batch, units]. */
  readonly preactivation: T;
  /** The output y = φ(a), [batch, units]. */
  readonly output: T;
}

/** A dense layer as plain JSON; what is left out has the default named in its comment. */
export interface DenseSpec {
  readonly type: "dense";
  /** How many units, and so outputs. */
  readonly units: number;
  /** φ; `identity`. */
  readonly activation?: ActivationName;
  /** Whether a bias is added; true. */
  readonly useBias?: boolean;
  /** Starting kernel; `lecunNormal`. */
  readonly kernelInitializer?: InitializerSpec;
  /** Starting bias; `zeros`. */
  readonly biasInitializer?: InitializerSpec;
  /** Starting feedback weights, or the magnitudes that stand for them; `lecunNormal`. */
  readonly feedbackInitializer?: InitializerSpec;
  /** The layer's own learning rule; the network's. */
  readonly rule?: RuleName;
  /** How many feedback weights of each unit are not zero, where they are fixed; all of them. */
  readonly feedbackConnections?: number;
  /** How feedback weights mirror the kernel, under a rule that has them do so. */
  readonly mirroring?: MirroringSpec;
  /** Whether the kernel keeps the Frobenius norm it starts with (Moskovitz, Litwin-Kumar & Abbott 2018); false. */
  readonly constrainNorm?: boolean;
  /** The largest norm of the layer's gradient, kernel and bias together; a longer one is scaled down to it. None. */
  readonly clipNorm?: number;
}

/** How feedback weights mirror the kernel; what is left out has the default named in its comment. */
export interface MirroringSpec {
  /** Steps of mirroring before each step of learning, 0 for none; 1. */
  readonly steps?: number;
  /** Rows of noise in a step of mirroring; 32. */
  readonly batch?: number;
  /** η: how much of what the mirror sees is taken over at a step; 0.001. */
  readonly rate?: number;
  /** λ: how much of the feedback weights is forgotten at a step; η. */
  readonly decay?: number;
  /** σ: the standard deviation of the noise; 1. */
  readonly stddev?: number;
}

/** Any layer as plain JSON. */
export type LayerSpec = DenseSpec;

/**
 * A layer's maths, the same under every rule: what goes forward, what its weights learn from an error signal that
 * has arrived, and how a matrix carries an error back across it. Which matrix, and which error, is the rule's to say.
 */
export interface Layer {
  /** The layer's spec. */
  readonly spec: LayerSpec;
  /** Shape of one example going in, without the batch. */
  readonly inputShape: Shape;
  /** Shape of one example coming out, without the batch. */
  readonly outputShape: Shape;
  /** Shape of the kernel. */
  readonly kernelShape: Shape;
  /** Shape of the bias, if there is one. */
  readonly biasShape?: Shape | undefined;
  /** The forward pass: y and what the backward pass needs. */
  forward<T>(ops: TensorOps<T>, parameters: LayerParameters<T>, input: T): Residuals<T>;
  /** The error signal at the pre-activation, φ′(a) ⊙ δ, given the error signal δ at the output. */
  localError<T>(ops: TensorOps<T>, residuals: Residuals<T>, delta: T): T;
  /** The gradient of the kernel, given the layer's input and the error signal at the pre-activation. */
  kernelGradient<T>(ops: TensorOps<T>, input: T, error: T): T;
  /** The gradients of kernel and bias as the layer learns from them: within its `clipNorm`. */
  gradients<T>(
    ops: TensorOps<T>,
    residuals: Pick<Residuals<T>, "input">,
    error: T,
  ): { kernel: T; bias?: T };
  /** How the layer answers to an input without its bias, φ(x·W) − φ(0): [batch, ...inputShape] → [batch, ...outputShape]. */
  response<T>(ops: TensorOps<T>, kernel: T, input: T): T;
  /** The error signal at the layer's input, with `transport` (of the kernel's shape) standing where backpropagation has W. */
  backproject<T>(ops: TensorOps<T>, transport: T, error: T): T;
}
