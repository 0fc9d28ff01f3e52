import type { Rule } from "@bioflax/core";

/**
 * Why `fit` cannot train by a rule, as the end of a sentence; undefined where it can, as far as the rule alone tells.
 *
 * TensorFlow.js tells a layer or a loss the numbers of a batch, and not which examples they are, nor what a small change
 * of a layer's output would do to those above it.
 */
export function whyNotFit({
  name,
  needsDelayedError,
  needsOutputTangent,
}: Rule): string | undefined {
  if (needsDelayedError)
    return (
      `the rule "${name}" learns from the error that each example had in the epoch before, and fit does not tell which examples a batch has. Train a model made by ` +
      "fromSpec or bioNetwork with trainModel, and its batches' delayed errors, or with the command."
    );
  if (needsOutputTangent)
    return (
      `the rule "${name}" learns from what noise at a layer does to the model's output, and fit takes no derivative forward. Train a model made by fromSpec or ` +
      "bioNetwork with trainModel, or with the command."
    );
  return undefined;
}
