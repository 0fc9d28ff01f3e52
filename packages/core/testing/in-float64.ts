import { createTrainable, float64Tensor, groupByLayer } from "@bioflax/core";
import type { PlainBatch } from "./plain-setup";
import type { TrainingCase } from "./training-case";

/** The network of a case with its first batch, as `referenceOps` takes them. */
export function inFloat64({ spec, loss, optimizer, weights, batches }: TrainingCase) {
  const trainable = createTrainable({ spec, loss, optimizer });
  const { network } = trainable;
  const [{ input, labels, values }] = batches as [PlainBatch];
  const count = input.length;
  const tensors = network.parameters.map(({ name, shape }) =>
    float64Tensor(weights[name] as Float32Array, shape),
  );
  return {
    trainable,
    parameters: groupByLayer(network, tensors),
    input: float64Tensor(input.flat(), [count, ...spec.inputShape]),
    target:
      labels === undefined
        ? float64Tensor((values as number[][]).flat(), [count, network.outputs])
        : float64Tensor(labels, [count]),
  };
}
