import { sizeOf } from "../ops/shapes";
import type { Loss } from "./loss";

/**
 * Binary cross-entropy of every output, from integer labels, on logits: the outputs are probabilities once a sigmoid is
 * taken of them.
 *
 * L = −mean [t·log σ(z) + (1 − t)·log(1 − σ(z))] over batch and outputs, where t is one-hot, and δ = (σ(z) − t) / size.
 * What is a sum over the outputs elsewhere is a mean here, as in TensorFlow.js, Keras and PyTorch.
 */
export const sigmoidCrossEntropy: Loss = {
  targets: "labels",
  evaluate(ops, output, labels) {
    const target = ops.oneHot(labels, ops.shape(output)[1] as number);
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
  targetSignal(ops, output, labels) {
    const shape = ops.shape(output);
    return ops.mul(ops.oneHot(labels, shape[1] as number), -1 / sizeOf(shape));
  },
};
