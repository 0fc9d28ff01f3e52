import { defineSchedule, type ScheduleOptions } from "./definition";

/**
 * A rate that is multiplied by γ every so many steps, smoothly or in stairs.
 *
 * factor(t) = γ^(t/steps), in stairs γ^⌊t/steps⌋ (optax's `exponential_decay`).
 */
export const exponential = defineSchedule({
  name: "exponential",
  options: {
    /** In how many steps the rate is multiplied by γ. */
    steps: { type: "number", from: 1, whole: true, doc: "in how many steps it is multiplied" },
    /** What it is multiplied by. */
    gamma: { type: "number", above: 0, doc: "what it is multiplied by" },
    /** Whether it is multiplied at the end of those steps, and not a little at each; false when left out. */
    staircase: { type: "flag", default: false, doc: "whether it is multiplied at their end" },
  },
  examples: [
    { steps: 4, gamma: 0.6 },
    { steps: 4, gamma: 0.9, staircase: true },
  ],
  create:
    ({ steps, gamma, staircase }) =>
    (step) =>
      gamma ** (staircase ? Math.floor(step / steps) : step / steps),
});

/** Options of {@link exponential}. */
export type ExponentialOptions = ScheduleOptions<typeof exponential>;
