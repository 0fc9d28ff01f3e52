import type { ActivationName } from "@bioflax/core";

/** Activations that are the same function in TensorFlow.js and here, by their names there. Its `gelu` is another. */
const SAME: Readonly<Record<string, ActivationName>> = {
  linear: "identity",
  relu: "relu",
  relu6: "relu6",
  elu: "elu",
  softplus: "softplus",
  sigmoid: "sigmoid",
  tanh: "tanh",
  swish: "silu",
  gelu_new: "gelu",
  softmax: "softmax",
};

/** The activation TensorFlow.js has under a name; undefined where there is no such one here. */
export function fromTfActivation(name: string): ActivationName | undefined {
  return Object.hasOwn(SAME, name) ? SAME[name] : undefined;
}

/** What TensorFlow.js calls an activation; undefined where it has no such one by name. */
export function toTfActivation(name: ActivationName): string | undefined {
  return Object.keys(SAME).find((key) => SAME[key] === name);
}
