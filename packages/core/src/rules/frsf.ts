import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** Fixed random-magnitude sign-concordant feedback: the signs of the kernel with fixed random magnitudes, |B| ⊙ sign(W). */
export const frsf: Rule = {
  name: "frsf",
  title: "Fixed random-magnitude sign-concordant feedback",
  paper: {
    authors: "Liao, Leibo & Poggio",
    year: 2016,
    title: "How important is weight symmetry in backpropagation?",
    where: "AAAI 30, section 3",
  },
  formula: { transport: "|B| ⊙ sign(W)", feedback: "fixed" },
  route: sequential,
  hasFeedback: true,
  transport: (ops, site) => ops.mul(ops.abs(feedbackOf(site)), ops.sign(site.parameters.kernel)),
};
