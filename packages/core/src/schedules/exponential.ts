import { checkOption } from "./options";
import type { Schedule } from "./schedule";

/** Options of {@link exponential}. */
export interface ExponentialOptions {
  /** In how many steps the rate is multiplied by γ. */
  readonly steps: number;
  /** What it is multiplied by. */
  readonly gamma: number;
  /** Whether it is multiplied at the end of those steps, and not a little at each; false when left out. */
  readonly staircase?: boolean;
}

/**
 * A rate that is multiplied by γ every so many steps, smoothly or in stairs.
 *
 * factor(t) = γ^(t/steps), in stairs γ^⌊t/steps⌋ (optax's `exponential_decay`).
 *
 * @throws BioflaxError for steps that are not a whole number from 1, or a γ that is not above 0.
 */
export function exponential({ steps, gamma, staircase = false }: ExponentialOptions): Schedule {
  checkOption("exponential", "steps", steps, "count");
  checkOption("exponential", "gamma", gamma, "positive");
  return (step) => gamma ** (staircase ? Math.floor(step / steps) : step / steps);
}
