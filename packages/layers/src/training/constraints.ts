import type * as tf from "@tensorflow/tfjs";

type Constraint = (value: tf.Tensor) => tf.Tensor;

const constraints = new WeakMap<tf.Variable, Constraint>();

/** Has bioflax's optimizers put a variable's new values through a constraint after each step. */
export function constrain(variable: tf.Variable, constraint: Constraint): void {
  constraints.set(variable, constraint);
}

/** A variable's new value, within its constraint if it has one. */
export function constrained(variable: tf.Variable, value: tf.Tensor): tf.Tensor {
  return constraints.get(variable)?.(value) ?? value;
}
