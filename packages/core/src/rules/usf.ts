import { liao2016 } from "./papers";
import { sequential } from "./routes";
import { feedbackDistribution, type Rule } from "./rule";

/**
 * Uniform sign-concordant feedback: the signs of the kernel, all of one magnitude, s·sign(W).
 *
 * s is the standard deviation of the layer's `feedbackInitializer`, as Sanfiz & Akrout 2021 have it (arXiv 2108.13446).
 */
export const usf: Rule<"above"> = {
  name: "usf",
  title: "Uniform sign-concordant feedback",
  paper: liao2016,
  formula: { transport: "s·sign(W)", feedback: "none" },
  route: sequential,
  hasFeedback: false,
  transport: (ops, { layer, parameters }) =>
    ops.mul(ops.sign(parameters.kernel), feedbackDistribution(layer).stddev),
  refuses: (layer) =>
    feedbackDistribution(layer).stddev > 0
      ? undefined
      : "its feedback weights take the standard deviation of the feedbackInitializer as their magnitude, and that is 0",
};
