import { logSoftmax } from "../activations/softmax";
import { defineLoss } from "./loss";

/**
 * Softmax cross-entropy of logits with class numbers, or with the probability of each class.
 *
 * L = −(1/batch) Σᵢ tᵢ·log softmax(zᵢ) and δ = (softmax(z) − t) / batch, where t is one-hot or the row that is given,
 * or smoothed (1 − α)·t + α/classes (optax's `smooth_labels`).
 */
export const softmaxCrossEntropy = defineLoss({
  name: "softmaxCrossEntropy",
  targets: ["classes", "distributions"],
  activation: "softmax",
  elements(ops, output, target) {
    const logits = logSoftmax(ops, output);
    return { elements: ops.mul(target, logits), error: ops.sub(ops.exp(logits), target) };
  },
  factor: -1,
  divisor: () => 1,
  even: (classes) => 1 / classes,
});
