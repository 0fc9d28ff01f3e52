import { modulated } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** How large the authors have F beside weights that start as kernels do. */
const STRENGTH = 0.05;

/**
 * PEPITA (present the error to perturb the input to modulate activity): the data go through the network a second time
 * with the output's error added, x + e·Fᵀ, and each hidden layer learns from how its output y changes to ỹ: ∂W =
 * h̃ᵀ·(y − ỹ), with h̃ its input in the second pass. The output layer learns from e, with its input in the second pass.
 *
 * F, [inputs, outputs], is fixed and random: 0.05·B, where B starts as feedback weights do; the authors draw it from
 * He's uniform distribution, `heUniform`. e is each example's own error, and ∂W the mean over the batch and, of a
 * convolution, the places. There is no backward pass, and no φ′ is asked for.
 */
export const pepita: Rule<"input"> = {
  name: "pepita",
  title: "PEPITA",
  paper: {
    authors: "Dellaferrera & Kreiman",
    year: 2022,
    title:
      "Error-driven input modulation: solving the credit assignment problem without a backward pass",
    where: "ICML 39, algorithm 1",
  },
  formula: { transport: "0.05·B, to the input of a second pass", feedback: "fixed" },
  route: modulated,
  hasFeedback: true,
  transport: (ops, context) => ops.mul(feedbackOf(context), STRENGTH),
};
