import {
  feedbackGradientOf,
  type KernelLayer,
  type OutputSignals,
  type Rule,
  type Shape,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";

/** One use of a layer at which errors arrive straight from the output. */
export interface Arrival {
  readonly rule: Rule;
  /** A layer as rules of this route see one: how its errors are projected, and nothing of its kernel. */
  readonly layer: KernelLayer;
  /** The feedback weights as they are. */
  feedback(): tf.Tensor;
  /** Told the error that comes from above, which is there as long as the backward pass runs. */
  handing(delta: tf.Tensor): void;
  /** What the output tells. @throws BioflaxError when it tells nothing in this backward pass. */
  signals(batch: number): OutputSignals<tf.Tensor>;
}

/** The identity, at whose input the error is what the output sends there: inputs `input`, `feedback`. */
export const applyFeedback = defineKernel<Arrival>({
  name: "BioflaxDirectFeedback",
  inputsToSave: ["input"],
  outputsToSave: [false],
  forward: ({ input }) => [(input as tf.Tensor).clone()],
  backward(delta, [saved], { rule, layer, feedback: read, handing, signals }) {
    handing(delta);
    const input = saved as tf.Tensor;
    const [batch, ...feedbackTarget] = input.shape as [number, ...Shape];
    return {
      input() {
        const output = signals(batch);
        const feedback = read();
        const context = { layer, rule, parameters: { kernel: feedback, feedback } };
        return rule.route.signal(tfOps, {
          below: { ...context, feedbackTarget },
          // Of a step from layer to layer, this route reads the lower end alone.
          above: { ...context, error: output.error },
          output,
        });
      },
      feedback() {
        const feedback = read();
        if (rule.feedbackGradient === undefined) return tf.zerosLike(feedback);
        const ofTheLayerBelow = (): never => {
          throw new Error("A layer at which errors arrive has no kernel to learn from.");
        };
        return feedbackGradientOf(tfOps, rule, feedback.shape, {
          context: { layer, rule, parameters: { kernel: feedback, feedback } },
          output: rule.route.targetOutput(tfOps, layer, input),
          outputError: signals(batch).error,
          get kernelGradient() {
            return ofTheLayerBelow();
          },
          get input() {
            return ofTheLayerBelow();
          },
          get error() {
            return ofTheLayerBelow();
          },
        });
      },
    };
  },
});
