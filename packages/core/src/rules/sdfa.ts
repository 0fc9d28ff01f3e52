import { frenkel2021 } from "./papers";
import { direct } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/**
 * Error-sign direct feedback alignment: sign(e) / batch in place of the output's error e, under every loss.
 *
 * A sign forgets by how much its example is weighted, so it is multiplied by that once more: one of weight 2 counts as
 * two.
 */
export const sdfa: Rule<"output"> = {
  name: "sdfa",
  title: "Error-sign direct feedback alignment",
  paper: frenkel2021,
  formula: { transport: "B, sign(e) in place of e", feedback: "fixed" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  outputSignal(ops, { error, weights }) {
    const share = 1 / (ops.shape(error)[0] as number);
    return ops.mul(ops.sign(error), weights === undefined ? share : ops.mul(weights, share));
  },
};
