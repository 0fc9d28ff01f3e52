import type { Operand, TensorOps } from "../ops/tensor-ops";

/** What an optimizer reads to update one parameter. */
export interface UpdateInputs<T> {
  /** The parameter W. */
  readonly parameter: T;
  /** Its gradient ∂L/∂W, of the same shape. */
  readonly gradient: T;
  /**
   * The optimizer's memory of this parameter, one tensor of the parameter's shape for each of its slots; zero at first.
   */
  readonly slots: readonly T[];
  /** How many steps have been taken, this one counted: a scalar from 1. */
  readonly step: T;
  /** The step size η: a number where it stays the same, a scalar where it has a schedule. */
  readonly rate: Operand<T>;
  /** Weight decay λ for this parameter: 0 for biases and fixed feedback. */
  readonly weightDecay: Operand<T>;
}

/**
 * A step without weight decay as numerical libraries have it in one operation, by its common name, with its numbers.
 */
export type FusedStep =
  | { readonly kind: "gradientDescent" }
  | { readonly kind: "momentum"; readonly momentum: number; readonly nesterov: boolean }
  | {
      readonly kind: "adam";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

/** An optimizer as a pure function with explicit state. */
export interface Optimizer {
  /** What it remembers of each parameter, by name. */
  readonly slots: readonly string[];
  /**
   * What its step is called where libraries have it in one operation, on the parameter and its slots in their order.
   */
  readonly fused?: FusedStep;
  /** One step: the parameter and its slots afterwards. */
  update<T>(ops: TensorOps<T>, inputs: UpdateInputs<T>): { parameter: T; slots: T[] };
}
