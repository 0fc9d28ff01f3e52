import type { Layer, LayerParameters, Rule, TensorOps } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";

/** One use of a layer, with the two ends at which routes differ: where its error comes from, and what it sends down. */
export interface Application {
  readonly layer: Layer;
  readonly parameters: LayerParameters<tf.Tensor>;
  /** What the forward pass is computed with. */
  readonly ops: TensorOps<tf.Tensor>;
  /** Whether any of the layer's own weights learn. */
  readonly learns: boolean;
  readonly feedbackGradient: Rule["feedbackGradient"];
  /** The error signal at the layer's output, given the one TensorFlow.js's chain rule brings. Both [rows, units]. */
  arriving(delta: tf.Tensor): tf.Tensor;
  /** The error signal at the layer's input, [rows, in], given the error at its pre-activation, [rows, units]. */
  departing(error: tf.Tensor, input: tf.Tensor): tf.Tensor;
  /** Told the error at the pre-activation as soon as it is known. */
  publish?(error: tf.Tensor): void;
}

/** The layer's maths as one differentiable operation: inputs `input`, `kernel`, and as they are there `bias`, `feedback`. */
export const applyDense = defineKernel<Application>({
  name: "BioflaxDense",
  inputsToSave: ["input"],
  outputsToSave: [true, true],
  forward({ input, kernel, bias }, { layer, ops }) {
    const { output, preactivation } = layer.forward(
      ops,
      { kernel: kernel as tf.Tensor, bias },
      input as tf.Tensor,
    );
    return [output, preactivation];
  },
  backward(delta, saved, application) {
    const { layer, parameters, feedbackGradient } = application;
    const [input, output, preactivation] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const error = layer.localError(
      tfOps,
      { input, output, preactivation },
      application.arriving(delta),
    );
    application.publish?.(error);
    const gradients = () => layer.gradients(tfOps, { input }, error);
    // Computed here rather than when first asked for, because whatever that call allocates ends with it.
    const shared = application.learns ? gradients() : undefined;
    const own = () => shared ?? gradients();
    return {
      input: () => application.departing(error, input),
      kernel: () => own().kernel,
      bias: () => own().bias as tf.Tensor,
      // A clone, because TensorFlow.js disposes gradients one by one and may dispose the kernel's first.
      feedback: () =>
        feedbackGradient?.(tfOps, own().kernel).clone() ??
        tf.zerosLike(parameters.feedback as tf.Tensor),
    };
  },
});
