import { checkOption } from "./options";
import type { Schedule } from "./schedule";

/** Options of {@link cosine}. */
export interface CosineOptions {
  /** How many steps T the rate falls for; then it stays. */
  readonly steps: number;
  /** The part α of the base rate that is left in the end; 0 when left out. */
  readonly alpha?: number;
}

/**
 * A rate that falls along half a wave (Loshchilov & Hutter 2017, equation 5, without restarts).
 *
 * factor(t) = (1 − α)·½(1 + cos(π·min(t, T)/T)) + α (optax's `cosine_decay_schedule`).
 *
 * @throws BioflaxError for steps that are not a whole number from 1, or an α below 0.
 */
export function cosine({ steps, alpha = 0 }: CosineOptions): Schedule {
  checkOption("cosine", "steps", steps, "count");
  checkOption("cosine", "alpha", alpha, "factor");
  return (step) => {
    const wave = 0.5 * (1 + Math.cos((Math.PI * Math.min(step, steps)) / steps));
    return (1 - alpha) * wave + alpha;
  };
}
