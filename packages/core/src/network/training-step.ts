import type { Loss } from "../losses/loss";
import type { TensorOps } from "../ops/tensor-ops";
import type { Optimizer } from "../optimizers/optimizer";
import { flatten, groupByLayer, type Network, type NetworkParameters } from "./network";
import { backward, forward, outputOf, type Tape } from "./passes";

/** What training carries from step to step: weights and the optimizer's memory of those that learn. */
export interface TrainingState<T> {
  readonly parameters: NetworkParameters<T>;
  /** For each of {@link Network.parameters}, the optimizer's slots; empty for weights that do not learn. */
  readonly slots: readonly (readonly T[])[];
}

/** Everything a training step is made of, besides the data. */
export interface Trainable {
  readonly network: Network;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Decoupled weight decay λ. */
  readonly weightDecay: number;
}

/** A mini-batch: inputs [batch, ...inputShape] and the loss's targets. */
export interface Batch<T> {
  readonly input: T;
  readonly target: T;
}

/** The loss and gradients of one batch, with the forward pass they came from. */
export interface LossAndGradients<T> {
  readonly loss: T;
  /** ∂L/∂output, [batch, outputs]. */
  readonly delta: T;
  readonly tape: Tape<T>;
  readonly gradients: NetworkParameters<T>;
}

/** The loss of a batch, a scalar, and the rule's gradients of every weight that learns. */
export function lossAndGradients<T>(
  ops: TensorOps<T>,
  { network, loss }: Pick<Trainable, "network" | "loss">,
  parameters: NetworkParameters<T>,
  { input, target }: Batch<T>,
): LossAndGradients<T> {
  const tape = forward(ops, network, parameters, input);
  const { value, error } = loss.evaluate(ops, outputOf(tape), target);
  return {
    loss: value,
    delta: error,
    tape,
    gradients: backward(ops, network, parameters, tape, error),
  };
}

/**
 * The optimizer's step on every weight that learns.
 *
 * @param step how many steps have been taken, this one counted: a scalar from 1.
 */
export function applyGradients<T>(
  ops: TensorOps<T>,
  { network, optimizer, weightDecay }: Omit<Trainable, "loss">,
  state: TrainingState<T>,
  gradients: NetworkParameters<T>,
  step: T,
): TrainingState<T> {
  const current = flatten(network, state.parameters);
  const flatGradients = flatten(network, gradients);
  const updated = network.parameters.map(({ learns, decays }, i) => {
    const parameter = current[i] as T;
    if (!learns) return { parameter, slots: [] };
    return optimizer.update(ops, {
      parameter,
      gradient: flatGradients[i] as T,
      slots: state.slots[i] as readonly T[],
      step,
      weightDecay: decays ? weightDecay : 0,
    });
  });
  return {
    parameters: groupByLayer(
      network,
      updated.map(({ parameter }) => parameter),
    ),
    slots: updated.map(({ slots }) => slots),
  };
}
