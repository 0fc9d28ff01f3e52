import {
  type Batch,
  forward,
  type NetworkParameters,
  outputOf,
  type TensorOps,
  type Trainable,
} from "@bioflax/core";
import { countRight, squaredError } from "@bioflax/metrics";

/** The network's output for one batch, [batch, outputs]. */
export function predict<T>(
  ops: TensorOps<T>,
  { network }: Pick<Trainable, "network">,
  parameters: NetworkParameters<T>,
  { input }: Pick<Batch<T>, "input">,
): T {
  return outputOf(forward(ops, network, parameters, input));
}

/** The mean loss of one batch, and by name how much of it is right by each measure of accuracy, or how wrong it is. */
export function evaluate<T>(
  ops: TensorOps<T>,
  trainable: Pick<Trainable, "network" | "loss">,
  parameters: NetworkParameters<T>,
  { input, target }: Batch<T>,
): { loss: T; sums: Readonly<Record<string, T>> } {
  const { loss } = trainable;
  const output = predict(ops, trainable, parameters, { input });
  const { value } = loss.evaluate(ops, output, target);
  const sums = {
    ...countRight(ops, loss, output, target),
    ...squaredError(ops, loss, output, target),
  };
  return { loss: value, sums };
}
