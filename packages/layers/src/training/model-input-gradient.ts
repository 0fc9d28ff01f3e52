import { type Batch, inputGradient } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { networkParameters } from "../network/weights";
import { tfTrainingOps } from "../ops/tf-ops";
import type { ModelInTraining } from "./model-step";

/**
 * The gradient of each example's own loss at a model's input, as core's `inputGradient` has it: that of the forward
 * network, errors going back through the kernels, in evaluation.
 *
 * `tf.grad` of a model with layers of bioflax gives what its rules send to the input instead: of direct feedback
 * alignment zeros.
 *
 * @param model made of the network in `trainable`, of whose loss the gradient is.
 * @param batch with targets as the loss reads them: see core's `Batch`.
 * @returns [batch, ...input].
 * @throws BioflaxError when the model lacks one of the network's weights.
 * @example
 * const { spec } = await toSpec(model);
 * const trainable = createTrainable({ spec, loss: "softmaxCrossEntropy", optimizer: { name: "sgd", learningRate: 0.1 } });
 * const gradient = modelInputGradient({ model, trainable }, { input, target: labels });
 * const adversarial = input.add(gradient.sign().mul(0.1)).clipByValue(0, 1);
 */
export function modelInputGradient(
  { model, trainable }: Pick<ModelInTraining, "model" | "trainable">,
  { input, target }: Pick<Batch<tf.Tensor>, "input" | "target">,
): tf.Tensor {
  const { network } = trainable;
  return tf.tidy(() => {
    const parameters = networkParameters(model, network);
    return inputGradient<tf.Tensor>(tfTrainingOps, trainable, parameters, { input, target });
  });
}
