import { checkOption } from "./options";
import type { Schedule } from "./schedule";

/** How a rate warms up before its schedule begins. */
export interface WarmupOptions {
  /** How many steps n it takes. */
  readonly steps: number;
  /** The part of the base rate it begins with; 0 when left out, and then the first step changes nothing. */
  readonly from?: number;
}

/**
 * A linear warm-up, with another schedule after it (Goyal et al. 2017, section 2.2).
 *
 * factor(t) = (from − 1)·(1 − t/n) + 1 for t < n, then the other schedule's at t − n, whose steps so begin to count when the
 * warm-up is over (optax's `linear_schedule`, joined by `join_schedules`).
 *
 * @param name the other schedule's, for errors.
 * @throws BioflaxError for steps that are not a whole number from 1, or a beginning below 0.
 */
export function afterWarmup(
  { steps, from = 0 }: WarmupOptions,
  name: string,
  schedule: Schedule,
): Schedule {
  checkOption(name, "warmup.steps", steps, "count");
  checkOption(name, "warmup.from", from, "factor");
  return (step) => (step < steps ? (from - 1) * (1 - step / steps) + 1 : schedule(step - steps));
}
