import type { Operand, TensorOps } from "../ops/tensor-ops";

/** What an optimizer reads to update one parameter. */
export interface UpdateInputs<T> {
  /** The parameter W. */
  readonly parameter: T;
  /** Its gradient ∂L/∂W, of the same shape. */
  readonly gradient: T;
  /** The optimizer's memory of this parameter, one tensor of the parameter's shape for each of its slots; zero at first. */
  readonly slots: readonly T[];
  /** How many steps have been taken, this one counted: a scalar from 1. */
  readonly step: T;
  /** The step size η: a number where it stays the same, a scalar where it has a schedule. */
  readonly rate: Operand<T>;
  /** Weight decay λ for this parameter: 0 for biases and fixed feedback. */
  readonly weightDecay: Operand<T>;
}

/** An optimizer as a pure function with explicit state. */
export interface Optimizer {
  /** What it remembers of each parameter, by name. */
  readonly slots: readonly string[];
  /** One step: the parameter and its slots afterwards. */
  update<T>(ops: TensorOps<T>, inputs: UpdateInputs<T>): { parameter: T; slots: T[] };
}
