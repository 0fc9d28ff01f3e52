import type { InitializerSpec } from "../initializers/registry";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { Noise } from "../random/noise";
import type { Rule } from "../rules/rule";
import type { KernelFreeLayerSpec, KernelLayerSpec } from "./specs";

/** Which of a layer's weights one is. */
export type ParameterRole =
  | "kernel"
  | "bias"
  | "feedback"
  | "errorProjection"
  | "gamma"
  | "beta"
  | "alpha"
  | "positions"
  | "movingMean"
  | "movingVariance";

/** Those that carry errors, which are its rule's. */
export type FeedbackRole = "feedback" | "errorProjection";

/** Whether a weight carries errors. */
export const carriesErrors = (role: ParameterRole): role is FeedbackRole =>
  role === "feedback" || role === "errorProjection";

/** A layer's weights, as far as it has them. */
export type LayerParameters<T> = {
  readonly [Role in ParameterRole]?: T | undefined;
} & {
  /** Not weights: the random numbers of this step, those of the layer's rule and then those of the layer itself. */
  readonly noise?: readonly T[] | undefined;
};

/** The weights of a layer with a kernel. */
export type KernelParameters<T> = LayerParameters<T> & { readonly kernel: T };

/** What a layer's forward pass keeps for its backward pass, and for others to read. */
export interface Residuals<T> {
  /** The layer's input h, [batch, ...inputShape]. */
  readonly input: T;
  /** The layer's output y, [batch, ...outputShape]. */
  readonly output: T;
  /** What else the layer's own backward pass reads. */
  readonly kept?: readonly T[] | undefined;
  /** Weights that the forward pass of a training step itself changes: moving statistics. */
  readonly updates?: LayerParameters<T> | undefined;
}

/** What the forward pass of a layer with a kernel keeps. */
export interface KernelResiduals<T> extends Residuals<T> {
  /** The pre-activation a, of the output's shape. */
  readonly preactivation: T;
}

/**
 * What a layer is that applies its kernel step after step, each time to the step's input x beside the state h before
 * it, [x, h]·W: its kernel has the rows of both, those of the input first, and to a rule it is a dense layer, [in +
 * units] → [units], that is applied at several places.
 *
 * A step may apply the kernel more than once, and to 0 in the place of one of the two. Errors and what they are errors
 * of lie in one order: the first use of every step, in which its input goes in, then the second.
 */
export interface Recurrence {
  /** Shape of its states, [steps, units]: where errors arrive that come straight from the output. */
  readonly statesShape: Shape;
  /** How many of the kernel's rows are the input's; those after them are the state's. */
  readonly inputRows: number;
  /** The state after each step, [batch, steps, units]. */
  states<T>(ops: TensorOps<T>, residuals: Pick<Residuals<T>, "kept">): T;
  /** What the kernel was applied to, [batch, uses, in + units]. */
  kernelInput<T>(ops: TensorOps<T>, residuals: Pick<Residuals<T>, "kept">): T;
  /**
   * The errors of all steps, the last step's first.
   *
   * @param delta the error at the layer's output, or one at every state, [batch, steps, units].
   * @param before what becomes of the error of a use at the state before it: [batch, pre-activations] → [batch, units];
   *   left out where errors do not go from step to step.
   * @returns `error`, at every use's pre-activation, [batch, uses, pre-activations]; `signal`, all that has arrived at
   *   every state, [batch, steps, units].
   */
  errors<T>(
    ops: TensorOps<T>,
    residuals: Pick<Residuals<T>, "kept">,
    delta: T,
    before?: (error: T) => T,
  ): { readonly error: T; readonly signal: T };
  /**
   * The error at the state before, [batch, units], of that of one use: as the layer's own `backproject`, by the
   * state's rows of `transport`.
   */
  backproject<T>(ops: TensorOps<T>, transport: T, error: T): T;
}

/** A weight a layer has of itself, whatever its rule. */
export interface LayerWeight {
  readonly role: Exclude<ParameterRole, FeedbackRole>;
  readonly shape: Shape;
  readonly initializer: InitializerSpec;
  /** The shape that the initializer goes by, of as many elements; its own when left out. */
  readonly fans?: Shape;
  /** Whether an optimizer updates it; moving statistics follow the forward pass. */
  readonly learns: boolean;
  /** Whether weight decay applies to it. */
  readonly decays: boolean;
}

/** How several inputs of a layer are put together: each is placed among zeros, and these are added up. */
export interface Joint {
  /** The shape of one example of what they are together. */
  readonly shape: Shape;
  /** The input of an index where it stands, of the shape of all: [batch, ...its own] → [batch, ...shape]. */
  place<T>(ops: TensorOps<T>, input: T, index: number): T;
  /** The other way: the error at the input of an index, of that at all of them. */
  part<T>(ops: TensorOps<T>, error: T, index: number): T;
}

interface AnyLayer {
  /** Shape of one example going in, without the batch. */
  readonly inputShape: Shape;
  /** Shape of one example coming out, without the batch. */
  readonly outputShape: Shape;
  /** Its own weights. */
  readonly weights: readonly LayerWeight[];
}

/**
 * The maths of a layer with a kernel, the same under every rule: what goes forward, what its weights learn from an
 * error signal that has arrived, and how a kernel carries an error back across it. Which kernel, and which error, is
 * the rule's to say.
 */
export interface KernelLayer extends AnyLayer {
  readonly hasKernel: true;
  /** The layer's spec. */
  readonly spec: KernelLayerSpec;
  /** Shape of the kernel. */
  readonly kernelShape: Shape;
  /** Shape of the bias, if there is one. */
  readonly biasShape?: Shape | undefined;
  /**
   * Shape of what the kernel is applied to: the input's, or of a recurrent layer one step's input beside the state
   * before, [in + units].
   */
  readonly kernelInputShape: Shape;
  /** How many times the kernel is applied to that: the places of a convolution, 1 for a dense layer. */
  readonly places: number;
  /**
   * How many symbols there are, of a layer whose input is their numbers, whole, from 0 to below it: nothing has a
   * derivative by them, and its kernel is applied to a one-hot row of each, [symbols]. Undefined for other layers.
   */
  readonly symbols?: number | undefined;
  /** How it goes on from step to step; undefined for a layer that has no steps. */
  readonly recurrence?: Recurrence | undefined;
  /** Why the layer cannot learn by a rule, as the end of a sentence; undefined when it can. */
  refuses?(rule: Rule): string | undefined;
  /** The axis of the kernel that counts its units, or of each of its groups the units. */
  readonly unitsAxis: number;
  /** In how many groups, each with inputs of its own, they are along that axis. */
  readonly groups: number;
  /** The shape whose last axes say how much goes into a unit and comes out of an input: initializers go by it. */
  readonly fans: Shape;
  /** The forward pass: y and what the backward pass needs. */
  forward<T>(ops: TensorOps<T>, parameters: KernelParameters<T>, input: T): KernelResiduals<T>;
  /** The error signal at the pre-activation, φ′(a) ⊙ δ, given the error signal δ at the output. */
  preActivationGradient<T>(ops: TensorOps<T>, residuals: KernelResiduals<T>, delta: T): T;
  /**
   * The gradient of the kernel, given what it was applied to and the error signal at the pre-activation; both may have
   * axes of places after that of the batch.
   */
  kernelGradient<T>(ops: TensorOps<T>, input: T, error: T): T;
  /** The gradients of kernel and bias as the layer learns from them: within its `clipNorm`. */
  gradients<T>(
    ops: TensorOps<T>,
    residuals: Pick<Residuals<T>, "input" | "kept">,
    error: T,
  ): { kernel: T; bias?: T };
  /**
   * How the layer answers to an input without its bias, φ(x·W) − φ(0): [batch, ...inputShape] → [batch,
   * ...outputShape].
   */
  response<T>(ops: TensorOps<T>, kernel: T, input: T): T;
  /**
   * The error signal at the layer's input, with `transport` (of the kernel's shape) standing where backpropagation has
   * W.
   */
  backproject<T>(ops: TensorOps<T>, transport: T, error: T): T;
}

/**
 * The maths of a layer without a kernel: errors cross it by its own derivative, whatever rule the layers around it
 * have.
 */
export interface KernelFreeLayer extends AnyLayer {
  readonly hasKernel: false;
  /** The layer's spec. */
  readonly spec: KernelFreeLayerSpec;
  /** How its inputs are put together; they are added up as they are when left out. */
  readonly joint?: Joint | undefined;
  /** Random numbers a training step of the layer needs; it finds them, in this order, in the parameters' `noise`. */
  readonly noise?: readonly Noise[] | undefined;
  /**
   * The forward pass.
   *
   * @param training whether it is that of a training step, rather than of evaluation.
   */
  forward<T>(
    ops: TensorOps<T>,
    parameters: LayerParameters<T>,
    input: T,
    training: boolean,
  ): Residuals<T>;
  /** The error signal at the layer's input and the gradients of its weights, given the error signal δ at its output. */
  backward<T>(
    ops: TensorOps<T>,
    parameters: LayerParameters<T>,
    residuals: Residuals<T>,
    delta: T,
  ): { readonly input: T; readonly gradients?: LayerParameters<T> };
}

/** A layer's maths. */
export type Layer = KernelLayer | KernelFreeLayer;

/** Shape of what errors arrive at that come straight from the output: a layer's output, or its states. */
export const receivingShape = (layer: Layer): Shape =>
  (layer.hasKernel && layer.recurrence?.statesShape) || layer.outputShape;
