import { frenkel2021 } from "./papers";
import { direct } from "./routes";
import { feedbackOf, type OutputSignals, type Rule } from "./rule";

/**
 * Direct random target projection: the target t stands where direct feedback alignment has the error, so that a layer
 * can learn before the layers above have computed anything.
 *
 * −t / batch is sent, under every loss, as `sdfa` sends sign(e) / batch: under a loss that is a mean over the outputs,
 * whose e is (y − t) / (batch · outputs), it is `outputs` times the target's part of e. The authors' code sends t, and
 * sign(e), and neither over the outputs: t is the same as −t for a B whose values are as likely as their negatives, but
 * with −t it is B, not −B, that the kernels above align with.
 */
export const drtp: Rule<"output"> = {
  name: "drtp",
  title: "Direct random target projection",
  paper: frenkel2021,
  formula: { transport: "B, the target in place of e", feedback: "fixed" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  outputSignal: <T>(_ops: unknown, { target }: OutputSignals<T>) => target as T,
  needsTarget: true,
};
