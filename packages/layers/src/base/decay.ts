import type * as tf from "@tensorflow/tfjs";

/** Whether weight decay applies to a weight, as the layer that made it says. */
const told = new WeakMap<object, boolean>();

/** Kernels, of TensorFlow.js's own layers, which tell nothing. */
const KERNEL = /(^|[/_])kernel(_\d+)?$/;

/** Says whether weight decay applies to a weight. */
export function tellDecay(variable: tf.LayerVariable, does: boolean): void {
  told.set(variable.read(), does);
}

/** Whether weight decay applies to a weight: as its layer says, and of TensorFlow.js's own layers to kernels alone. */
export function decays(variable: tf.Variable): boolean {
  return told.get(variable) ?? KERNEL.test(variable.name);
}
