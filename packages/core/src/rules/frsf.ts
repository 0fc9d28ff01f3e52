import { liao2016 } from "./papers";
import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/**
 * Fixed random-magnitude sign-concordant feedback: the signs of the kernel with fixed random magnitudes, |B| ⊙ sign(W).
 */
export const frsf: Rule<"above"> = {
  name: "frsf",
  title: "Fixed random-magnitude sign-concordant feedback",
  paper: liao2016,
  formula: { transport: "|B| ⊙ sign(W)", feedback: "fixed" },
  route: sequential,
  hasFeedback: true,
  transport: (ops, context) =>
    ops.mul(ops.abs(feedbackOf(context)), ops.sign(context.parameters.kernel)),
};
