import { direct } from "./routes";
import { feedbackOf, type OutputSignals, type Rule } from "./rule";

/**
 * F³ (feed-forward with delayed feedback): the error that the output had for the same example in the epoch before
 * stands where direct feedback alignment has that of this step, so that a layer can learn as the data go through it. The
 * output layer learns from its own error of this step.
 *
 * Of an example that has not been trained on it is −t, the error of outputs of zero: the first epoch is `drtp`'s. So it
 * is in the authors' code, whose table begins with the targets. Under softmaxCrossEntropy what is sent is their
 * `delayed_error_softmax`; under sigmoidCrossEntropy (their networks end in a sigmoid) and meanSquaredError their
 * `delayed_error`, over the number of outputs as the loss is. They send t − y where this sends y − t: for a B whose
 * values are as likely as their negatives that is the same, but with y − t it is B, not −B, that the kernels above align
 * with. They have variants that send the delayed gradient at the output, or of the error the target's own class alone,
 * which are not here. B starts as feedback weights do; theirs is uniform up to 1/√units, or one of −1, 0 and 1.
 */
export const f3: Rule<"output"> = {
  name: "f3",
  title: "Feed-forward with delayed feedback",
  paper: {
    authors: "Flügel, Coquelin, Weiel, Debus, Streit & Götz",
    year: 2024,
    title: "Feed-forward optimization with delayed feedback for neural network training",
    where: "ICONIP 31, LNCS 15289, section 3",
  },
  formula: { transport: "B, the error of the epoch before in place of e", feedback: "fixed" },
  route: direct,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  outputSignal: <T>(_ops: unknown, { delayed }: OutputSignals<T>) => delayed as T,
  needsDelayedError: true,
};
