import type * as tf from "@tensorflow/tfjs";

/** @param after a variable's new value. @param before its old one. @returns the new value within the constraint. */
type Constraint = (after: tf.Tensor, before: tf.Tensor) => tf.Tensor;

const constraints = new WeakMap<tf.Variable, readonly Constraint[]>();

/** Has bioflax's optimizers put a variable's new values through one more constraint after each step. */
export function constrain(variable: tf.Variable, constraint: Constraint): void {
  constraints.set(variable, [...(constraints.get(variable) ?? []), constraint]);
}

/** Whether a variable has any. */
export const isConstrained = (variable: tf.Variable) => constraints.has(variable);

/** A variable's new value, within its constraints, in the order in which they were set. */
export function constrained(variable: tf.Variable, value: tf.Tensor): tf.Tensor {
  const own = constraints.get(variable) ?? [];
  return own.reduce((after, constraint) => constraint(after, variable), value);
}
