import { type ActivationName, activationName, BioflaxError } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { toTfActivation } from "../network/tf-activations";
import { refuseActivation } from "./plain-activations";
import { elementwise } from "./recurrent";

type Config = Readonly<Record<string, unknown>>;

/**
 * What TensorFlow.js calls an activation that a recurrent layer applies at every step. @param of the layer whose it is.
 *
 * @throws BioflaxError for an activation that TensorFlow.js has not.
 */
export function withinSteps(activation: unknown, of: string): string {
  const name = activationName(activation as string);
  // There is no place for a layer of its own.
  return toTfActivation(name as ActivationName) ?? refuseActivation(name, of);
}

/**
 * What holds the kernels of inputs and of states to something, where one kernel is held to it that is both.
 *
 * @throws BioflaxError for a constraint of the kernel as a whole.
 */
function penaltiesOf({ name, kernelRegularizer, kernelConstraint }: Config): Config {
  const { className } = (kernelConstraint ?? {}) as { readonly className?: string };
  if (className !== undefined && className !== elementwise.Constraint)
    throw new BioflaxError(
      `toLayersModel: expected nonNeg or no kernelConstraint of a recurrent layer, since TensorFlow.js's has two kernels in the place of one, received ` +
        `${className} of the layer "${name}". Keep bioflax's model.`,
    );
  return { recurrentRegularizer: kernelRegularizer, recurrentConstraint: kernelConstraint };
}

/** TensorFlow.js's layer of our options, of which the activation is its own. @throws BioflaxError where it has none such. */
export const plainSimpleRNN = (options: Config): tf.layers.Layer =>
  tf.layers.simpleRNN({ ...options, ...penaltiesOf(options) } as never);

/** TensorFlow.js's layer of our options, of which the activation is its own. @throws BioflaxError where it has none such. */
export function plainGRU({
  recurrentActivation = "sigmoid",
  resetAfter = true,
  ...options
}: Config): tf.layers.Layer {
  const name = options.name as string;
  if (resetAfter)
    throw new BioflaxError(
      `toLayersModel: expected a gru without resetAfter, which TensorFlow.js has no other than, received one with it, the layer "${name}". Keep bioflax's ` +
        "model.",
    );
  return tf.layers.gru({
    ...options,
    ...penaltiesOf(options),
    recurrentActivation: withinSteps(recurrentActivation, name),
  } as never);
}
