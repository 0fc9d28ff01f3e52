import { BioflaxError } from "../errors";
import { showValue } from "../show-value";
import { defineSchedule, type ScheduleOptions } from "./definition";

/**
 * A rate that is multiplied by γ at each milestone.
 *
 * factor(t) = γⁿ, where n milestones are at or before t (optax's `piecewise_constant_schedule`, one scale for all
 * boundaries).
 *
 * @throws BioflaxError for milestones that are not in their order, or none.
 */
export const multiStep = defineSchedule({
  name: "multiStep",
  options: {
    /** The steps from which on the rate is multiplied once more, each later than the one before; at least one. */
    milestones: { type: "numbers", from: 1, whole: true, doc: "steps at which it is multiplied" },
    /** What it is multiplied by; 0.1 when left out. */
    gamma: { type: "number", default: 0.1, above: 0, doc: "what it is multiplied by" },
  },
  examples: [{ milestones: [3, 10] }, { milestones: [1, 2, 15], gamma: 0.3 }],
  create({ milestones, gamma }) {
    if (milestones.length === 0 || milestones.some((step, i) => step <= (milestones[i - 1] ?? 0)))
      throw new BioflaxError(
        'Schedule "multiStep": expected "milestones" to be whole numbers from 1, each larger than the one before, ' +
          `received ${showValue(milestones)}.`,
      );
    return (step) =>
      milestones.reduce((factor, milestone) => (step < milestone ? factor : factor * gamma), 1);
  },
});

/** Options of {@link multiStep}. */
export type MultiStepOptions = ScheduleOptions<typeof multiStep>;
