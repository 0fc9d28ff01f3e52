import { logSoftmax } from "../activations/softmax";
import type { Loss } from "./loss";

/**
 * Softmax cross-entropy from integer labels, on logits.
 *
 * L = −(1/batch) Σᵢ log softmax(zᵢ)[labelᵢ] and δ = (softmax(z) − onehot(label)) / batch.
 */
export const softmaxCrossEntropy: Loss = {
  targets: "labels",
  evaluate(ops, output, labels) {
    const [batch, classes] = ops.shape(output) as [number, number];
    const logits = logSoftmax(ops, output);
    const target = ops.oneHot(labels, classes);
    return {
      value: ops.mul(ops.sum(ops.mul(target, logits)), -1 / batch),
      error: ops.mul(ops.sub(ops.exp(logits), target), 1 / batch),
    };
  },
  targetSignal(ops, output, labels) {
    const [batch, classes] = ops.shape(output) as [number, number];
    return ops.mul(ops.oneHot(labels, classes), -1 / batch);
  },
};
