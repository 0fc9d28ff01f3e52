import { lookUp } from "../errors";
import type { Activation } from "./activation";
import { elu, identity, leakyRelu, relu, softplus } from "./rectifiers";
import { gelu, sigmoid, silu, tanh } from "./sigmoidal";
import { softmax } from "./softmax";

/** Every activation by name. */
export const activations = {
  identity,
  relu,
  leakyRelu,
  elu,
  softplus,
  sigmoid,
  tanh,
  silu,
  gelu,
  softmax,
} as const;

/** The name of an activation. */
export type ActivationName = keyof typeof activations;

/** Other names the same functions go by: TensorFlow.js's and flax's. */
const aliases: Readonly<Record<string, ActivationName>> = {
  linear: "identity",
  leaky_relu: "leakyRelu",
  leakyReLU: "leakyRelu",
  swish: "silu",
  gelu_new: "gelu",
};

/**
 * The canonical name of an activation, from any name it goes by.
 *
 * @throws BioflaxError for an unknown one, naming the nearest.
 */
export function activationName(name: string): ActivationName {
  const isAlias = typeof name === "string" && Object.hasOwn(aliases, name);
  const canonical = isAlias ? (aliases[name] as ActivationName) : name;
  lookUp("activation", activations, canonical);
  return canonical as ActivationName;
}

/** The activation of a name or alias. @throws BioflaxError for an unknown one. */
export function getActivation(name: string): Activation {
  return activations[activationName(name)];
}
