import { defineLoss } from "./loss";

/**
 * Binary cross-entropy of every output, on logits: the outputs are probabilities once a sigmoid is taken of them.
 *
 * L = −mean [t·log σ(z) + (1 − t)·log(1 − σ(z))] over batch and outputs, and δ = (σ(z) − t) / size, where t is the row
 * that is given (multi-hot, or the probability of each label), or one-hot of a class number, and of a single output the
 * number itself: 0 or 1, or a probability. Smoothed, it is (1 − α)·t + α/2 (Keras's `BinaryCrossentropy`). What is a
 * sum over the outputs elsewhere is a mean here, as in TensorFlow.js, Keras and PyTorch.
 */
export const sigmoidCrossEntropy = defineLoss({
  name: "sigmoidCrossEntropy",
  // Of one output, a column of class numbers is what the output is to be.
  targets: ["probabilities", "classes"],
  activation: "sigmoid",
  elements(ops, output, target) {
    // max(z, 0) − t·z + log(1 + e^−|z|), which no z overflows.
    const softplus = ops.add(
      ops.maximum(output, 0),
      ops.log(ops.add(1, ops.exp(ops.neg(ops.abs(output))))),
    );
    return {
      elements: ops.sub(softplus, ops.mul(target, output)),
      error: ops.sub(ops.sigmoid(output), target),
    };
  },
  factor: 1,
  divisor: (outputs) => outputs,
  even: () => 1 / 2,
});
