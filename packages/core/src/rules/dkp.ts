import { direct } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/**
 * Direct Kolen-Pollack: the output's error e through B to each hidden layer, and B learns as a kernel from the layer's
 * output y straight to the network's would, ∂B = yᵀ·e.
 *
 * With weight decay, the B of the last hidden layer converges to the kernel of the output layer.
 */
export const dkp: Rule<"output"> = {
  name: "dkp",
  title: "Direct Kolen-Pollack",
  paper: {
    authors: "Webster, Choi & Ahn",
    year: 2020,
    title: "Learning the connections in direct feedback alignment",
    where: "OpenReview zgGmAx9ZcY, section 3",
  },
  formula: { transport: "B", feedback: "∂B = yᵀ·e" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  feedbackGradient: (ops, { output, outputError }) =>
    ops.matMul(output, outputError, { transposeA: true }),
};
