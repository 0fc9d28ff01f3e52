import { direct } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** Direct feedback alignment: the output's error e through fixed random B, [units, outputs], to each hidden layer. */
export const dfa: Rule<"output"> = {
  name: "dfa",
  title: "Direct feedback alignment",
  paper: {
    authors: "Nøkland",
    year: 2016,
    title: "Direct feedback alignment provides learning in deep neural networks",
    where: "NeurIPS 29, equation 4",
  },
  formula: { transport: "B", feedback: "fixed" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
};
