import type { ActivationName } from "../activations/registry";
import type { InitializerSpec } from "../initializers/registry";
import type { Shape, TensorOps } from "../ops/tensor-ops";

/** A layer's weights: the kernel, the bias if it has one, and the feedback weights if its rule keeps some. */
export interface LayerParameters<T> {
  readonly kernel: T;
  readonly bias?: T | undefined;
  readonly feedback?: T | undefined;
}

/** Which of a layer's weights one is. */
export type ParameterRole = keyof LayerParameters<unknown>;

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
  /** Starting feedback weights; `lecunNormal`. */
  readonly feedbackInitializer?: InitializerSpec;
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
  /** The gradients of kernel and bias, given the error signal at the pre-activation. */
  gradients<T>(
    ops: TensorOps<T>,
    residuals: Pick<Residuals<T>, "input">,
    error: T,
  ): { kernel: T; bias?: T };
  /** The error signal at the layer's input, with `transport` (of the kernel's shape) standing where backpropagation has W. */
  backproject<T>(ops: TensorOps<T>, transport: T, error: T): T;
}
