import * as tf from "@tensorflow/tfjs";

/**
 * A value as it is now, whatever becomes of the variable that it may be: a gradient, or what a step makes of a weight, may
 * be another weight itself. Within a `tf.tidy`.
 */
export const asItIs = (value: tf.Tensor): tf.Tensor =>
  value instanceof tf.Variable ? tf.clone(value) : value;

/**
 * Gives variables what a step made of them, all at once: one may stay as it is, or become what another was, as in an
 * optimizer that remembers the weights of the step before. Within a `tf.tidy`.
 */
export function assignAll(
  changes: readonly { readonly variable: tf.Variable; readonly value: tf.Tensor }[],
): void {
  const changed = changes
    .filter(({ variable, value }) => value !== variable)
    .map(({ variable, value }) => ({ variable, value: asItIs(value) }));
  for (const { variable, value } of changed) variable.assign(value);
}
