import { defineSchedule } from "./definition";

/** The base rate at every step (optax's `constant_schedule`): for a warm-up in front of it. */
export const constant = defineSchedule({ name: "constant", options: {}, create: () => () => 1 });
