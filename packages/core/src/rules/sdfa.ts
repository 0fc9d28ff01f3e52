import { frenkel2021 } from "./papers";
import { direct } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** Error-sign direct feedback alignment: sign(e) / batch in place of the output's error e. */
export const sdfa: Rule<"output"> = {
  name: "sdfa",
  title: "Error-sign direct feedback alignment",
  paper: frenkel2021,
  formula: { transport: "B, sign(e) in place of e", feedback: "fixed" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, site) => feedbackOf(site),
  message: (ops, { error }) => ops.mul(ops.sign(error), 1 / (ops.shape(error)[0] as number)),
};
