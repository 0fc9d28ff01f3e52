import type { Loss } from "../losses/loss";
import type { TensorOps } from "../ops/tensor-ops";
import { rules } from "../rules/registry";
import { checkBatch } from "./check-batch";
import type { Network, NetworkParameters } from "./network";
import { backward, forward, outputOf } from "./passes";
import { checkInputGradient } from "./symbols";

/**
 * The gradient of each example's own loss at the network's input, ∂Lᵢ/∂xᵢ: what an adversarial example is made with.
 *
 * It is that of the forward network itself, errors going back through the kernels, whatever rules its layers learn by:
 * feedback weights have no part in what the network computes. What a rule sends to the input instead is another vector,
 * and under one whose errors come straight from the output none at all, so that an attack with it would seem to fail.
 *
 * @param parameters with the step's noise, where it is the gradient of a training step.
 * @param batch input: [batch, ...inputShape]; target: as the loss reads it.
 * @param training whether dropout and normalisation work as in a training step; false when left out. With normalisation
 *   by the batch, examples then depend on each other, and the gradient is that of the sum of their losses.
 * @returns [batch, ...inputShape].
 * @throws BioflaxError for a network whose input is numbers of symbols, or a batch whose input or target has another shape.
 * @example
 * const gradient = inputGradient(referenceOps, { network, loss }, parameters, { input, target });
 */
export function inputGradient<T>(
  ops: TensorOps<T>,
  { network, loss }: { readonly network: Network; readonly loss: Loss },
  parameters: NetworkParameters<T>,
  { input, target }: { readonly input: T; readonly target: T },
  training = false,
): T {
  checkInputGradient(network);
  checkBatch({ network, loss }, { input: ops.shape(input), target: ops.shape(target) });
  const tape = forward(ops, network, parameters, input, training);
  const { errors } = loss.perExample(ops, outputOf(tape), target);
  const everywhere = network.rules.map((rule) => rule && rules.get("bp"));
  const passed = backward(
    ops,
    network,
    parameters,
    tape,
    { delta: errors },
    { rules: everywhere, toInput: true },
  );
  return passed.input as T;
}
