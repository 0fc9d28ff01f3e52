import { logSoftmax } from "../activations/softmax";
import type { TensorOps } from "../ops/tensor-ops";
import type { Loss } from "./loss";
import { smoothLabels } from "./smooth-labels";

function withSmoothing(labelSmoothing: number): Loss {
  const targetOf = <T>(ops: TensorOps<T>, labels: T, classes: number) =>
    smoothLabels(ops, labels, classes, labelSmoothing, 1 / classes);
  return {
    activation: "softmax",
    targets: "labels",
    evaluate(ops, output, labels) {
      const [batch, classes] = ops.shape(output) as [number, number];
      const logits = logSoftmax(ops, output);
      const target = targetOf(ops, labels, classes);
      return {
        value: ops.mul(ops.sum(ops.mul(target, logits)), -1 / batch),
        error: ops.mul(ops.sub(ops.exp(logits), target), 1 / batch),
      };
    },
    targetSignal(ops, output, labels) {
      const [batch, classes] = ops.shape(output) as [number, number];
      return ops.mul(targetOf(ops, labels, classes), -1 / batch);
    },
    smoothed: withSmoothing,
  };
}

/**
 * Softmax cross-entropy from integer labels, on logits.
 *
 * L = −(1/batch) Σᵢ tᵢ·log softmax(zᵢ) and δ = (softmax(z) − t) / batch, where t is one-hot, or smoothed
 * (1 − α)·onehot + α/classes (optax's `smooth_labels`).
 */
export const softmaxCrossEntropy: Loss = withSmoothing(0);
