import type { Schedule } from "./schedule";

/** The base rate at every step (optax's `constant_schedule`): for a warm-up in front of it. */
export function constant(): Schedule {
  return () => 1;
}
