import { sizeOf } from "../ops/shapes";
import type { TensorOps } from "../ops/tensor-ops";
import type { Loss } from "./loss";
import { smoothLabels } from "./smooth-labels";

function withSmoothing(labelSmoothing: number): Loss {
  const targetOf = <T>(ops: TensorOps<T>, output: T, labels: T) =>
    smoothLabels(ops, labels, ops.shape(output)[1] as number, labelSmoothing, 1 / 2);
  return {
    activation: "sigmoid",
    targets: "labels",
    evaluate(ops, output, labels) {
      const target = targetOf(ops, output, labels);
      const size = sizeOf(ops.shape(output));
      // max(z, 0) − t·z + log(1 + e^−|z|), which no z overflows.
      const softplus = ops.add(
        ops.maximum(output, 0),
        ops.log(ops.add(1, ops.exp(ops.neg(ops.abs(output))))),
      );
      return {
        value: ops.mul(ops.sum(ops.sub(softplus, ops.mul(target, output))), 1 / size),
        error: ops.mul(ops.sub(ops.sigmoid(output), target), 1 / size),
      };
    },
    targetSignal: (ops, output, labels) =>
      ops.mul(targetOf(ops, output, labels), -1 / sizeOf(ops.shape(output))),
    smoothed: withSmoothing,
  };
}

/**
 * Binary cross-entropy of every output, from integer labels, on logits: the outputs are probabilities once a sigmoid is
 * taken of them.
 *
 * L = −mean [t·log σ(z) + (1 − t)·log(1 − σ(z))] over batch and outputs, and δ = (σ(z) − t) / size, where t is one-hot, or
 * smoothed (1 − α)·onehot + α/2 (Keras's `BinaryCrossentropy`). What is a sum over the outputs elsewhere is a mean here, as
 * in TensorFlow.js, Keras and PyTorch.
 */
export const sigmoidCrossEntropy: Loss = withSmoothing(0);
