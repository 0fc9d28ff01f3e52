import { liao2016 } from "./papers";
import { sequential } from "./routes";
import { feedbackDistribution, type Rule } from "./rule";

/**
 * Batchwise random-magnitude sign-concordant feedback: the signs of the kernel with new random magnitudes at every
 * step,
 * |U| ⊙ sign(W), where U is drawn from the layer's `feedbackInitializer`.
 */
export const brsf: Rule<"above"> = {
  name: "brsf",
  title: "Batchwise random-magnitude sign-concordant feedback",
  paper: liao2016,
  formula: { transport: "|U| ⊙ sign(W)", feedback: "U new each step" },
  route: sequential,
  hasFeedback: false,
  noise(layer) {
    const { draw } = feedbackDistribution(layer);
    return [{ shape: layer.kernelShape, draw: (random) => Math.abs(draw(random)) }];
  },
  transport: (ops, { parameters: { kernel, noise = [] } }) =>
    ops.mul(noise[0] as typeof kernel, ops.sign(kernel)),
};
