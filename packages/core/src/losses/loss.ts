import type { TensorOps } from "../ops/tensor-ops";

/** A loss: a mean over the batch, and the error signal it sends into the network. */
export interface Loss {
  /** The activation that the loss takes of the outputs itself, so that they are logits; none where they are what they are. */
  readonly activation?: "softmax" | "sigmoid";
  /** What the targets are: `labels`, int32 [batch]; or `values`, float32 of the output's shape. */
  readonly targets: "labels" | "values";
  /**
   * The mean loss of a batch and its gradient at the network's output.
   *
   * @param output the network's output, [batch, outputs].
   * @param target the labels or values.
   * @returns value: a scalar; error: δ = ∂value/∂output, [batch, outputs].
   */
  evaluate<T>(ops: TensorOps<T>, output: T, target: T): { value: T; error: T };
  /**
   * The part of the error signal that the target alone makes up, −t / batch where δ is (y − t) / batch: [batch, outputs].
   * A loss leaves it out where the target says nothing of the error's sign.
   */
  targetSignal?<T>(ops: TensorOps<T>, output: T, target: T): T;
  /**
   * This loss with smoothed labels (Szegedy et al. 2016, section 7): of each target the part α is the same for every class.
   * A loss of values leaves it out.
   *
   * @param labelSmoothing α, from 0 up to, but not including, 1.
   */
  smoothed?(labelSmoothing: number): Loss;
}
