import { returned } from "../ops/returned";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { FeedbackGradientInputs, LayerContext, Rule } from "./rule";

/**
 * The gradient that teaches a layer's feedback weights, under a rule that has one.
 *
 * @param shape of the feedback weights.
 * @throws BioflaxError for one of another shape.
 */
export function feedbackGradientOf<T>(
  ops: TensorOps<T>,
  rule: Rule,
  shape: Shape,
  inputs: FeedbackGradientInputs<T>,
): T {
  const gradient = rule.feedbackGradient?.(ops, inputs) as T;
  return returned(ops, gradient, shape, `Rule "${rule.name}": feedbackGradient`);
}

/**
 * A layer's feedback weights after they have mirrored the kernel, under a rule by which they do.
 *
 * @param shape of the feedback weights.
 * @throws BioflaxError for some of another shape.
 */
export function mirroredFeedback<T>(ops: TensorOps<T>, context: LayerContext<T>, shape: Shape): T {
  const { rule } = context;
  const mirrored = rule.mirror?.(ops, context) as T;
  return returned(ops, mirrored, shape, `Rule "${rule.name}": mirror`);
}
