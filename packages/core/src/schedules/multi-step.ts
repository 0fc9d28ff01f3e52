import { BioflaxError } from "../errors";
import { showValue } from "../show-value";
import { checkOption } from "./options";
import type { Schedule } from "./schedule";

/** Options of {@link multiStep}. */
export interface MultiStepOptions {
  /** The steps from which on the rate is multiplied once more, each later than the one before; at least one. */
  readonly milestones: readonly number[];
  /** What it is multiplied by; 0.1 when left out. */
  readonly gamma?: number;
}

/**
 * A rate that is multiplied by γ at each milestone.
 *
 * factor(t) = γⁿ, where n milestones are at or before t (optax's `piecewise_constant_schedule`, one scale for all boundaries).
 *
 * @throws BioflaxError for milestones that are not steps in their order, or a γ that is not above 0.
 */
export function multiStep({ milestones, gamma = 0.1 }: MultiStepOptions): Schedule {
  checkOption("multiStep", "gamma", gamma, "positive");
  const isRight =
    Array.isArray(milestones) &&
    milestones.length > 0 &&
    milestones.every((step, i) => Number.isInteger(step) && step > (milestones[i - 1] ?? 0));
  if (!isRight)
    throw new BioflaxError(
      'Schedule "multiStep": expected "milestones" to be whole numbers from 1, each larger than the one before, ' +
        `received ${showValue(milestones)}.`,
    );
  return (step) =>
    milestones.reduce((factor, milestone) => (step < milestone ? factor : factor * gamma), 1);
}
