import type { Rule } from "@bioflax/core";

/**
 * Why `fit` cannot train by a rule, as the end of a sentence; undefined where it can, as far as the rule alone tells.
 *
 * TensorFlow.js tells a layer or a loss the numbers of a batch, and not which examples they are.
 */
export const whyNotFit = ({ name, needsDelayedError }: Rule): string | undefined =>
  needsDelayedError
    ? `the rule "${name}" learns from the error that each example had in the epoch before, and fit does not tell which examples a batch has. Train a model made by ` +
      "fromSpec or bioNetwork with trainModel, and its batches' delayed errors, or with the command."
    : undefined;
