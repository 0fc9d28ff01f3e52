import { defineSchedule, type ScheduleOptions } from "./definition";

/**
 * A rate that falls along half a wave (Loshchilov & Hutter 2017, equation 5, without restarts).
 *
 * factor(t) = (1 − α)·½(1 + cos(π·min(t, T)/T)) + α (optax's `cosine_decay_schedule`).
 */
export const cosine = defineSchedule({
  name: "cosine",
  options: {
    /** How many steps T the rate falls for; then it stays. */
    steps: { type: "number", from: 1, whole: true, doc: "how many steps the rate falls for" },
    /** The part α of the base rate that is left in the end; 0 when left out. */
    alpha: { type: "number", default: 0, from: 0, doc: "part of the base rate left in the end" },
  },
  examples: [{ steps: 10 }, { steps: 7, alpha: 0.1 }],
  create:
    ({ steps, alpha }) =>
    (step) => {
      const wave = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
      return (1 - alpha) * wave + alpha;
    },
});

/** Options of {@link cosine}. */
export type CosineOptions = ScheduleOptions<typeof cosine>;
