import type { GivenOptions, Options, OptionValues } from "../options/option";
import type { Schedule } from "./schedule";

/** What a warm-up can be told. */
export const warmupOptions = {
  /** How many steps n it takes. */
  steps: { type: "number", from: 1, whole: true, doc: "how many steps it takes" },
  /** The part of the base rate it begins with; 0 when left out, and then the first step changes nothing. */
  from: { type: "number", default: 0, from: 0, doc: "part of the base rate it begins with" },
} as const satisfies Options;

/** How a rate warms up before its schedule begins. */
export type WarmupOptions = GivenOptions<typeof warmupOptions>;

/**
 * A linear warm-up, with another schedule after it (Goyal et al. 2017, section 2.2).
 *
 * factor(t) = (from − 1)·(1 − t/n) + 1 for t < n, then the other schedule's at t − n, whose steps so begin to count
 * when the warm-up is over (optax's `linear_schedule`, joined by `join_schedules`).
 */
export function afterWarmup(
  { steps, from }: OptionValues<typeof warmupOptions>,
  schedule: Schedule,
): Schedule {
  return (step) => (step < steps ? (from - 1) * (1 - step / steps) + 1 : schedule(step - steps));
}
