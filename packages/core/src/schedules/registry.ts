import { lookUp } from "../errors";
import { constant } from "./constant";
import { type CosineOptions, cosine } from "./cosine";
import { type ExponentialOptions, exponential } from "./exponential";
import { type MultiStepOptions, multiStep } from "./multi-step";
import type { Schedule } from "./schedule";
import { afterWarmup, type WarmupOptions } from "./warmup";

/** Every schedule by name; each takes its options as an object. */
export const schedules = { constant, multiStep, cosine, exponential } as const;

/** The name of a schedule. */
export type ScheduleName = keyof typeof schedules;

/** A schedule as plain JSON: its name and options, e.g. `{ name: "cosine", steps: 1000, warmup: { steps: 100 } }`. */
export type ScheduleSpec = (
  | { readonly name: "constant" }
  | ({ readonly name: "multiStep" } & MultiStepOptions)
  | ({ readonly name: "cosine" } & CosineOptions)
  | ({ readonly name: "exponential" } & ExponentialOptions)
) & {
  /** A linear warm-up in front of it, after which its own steps begin to count; none when left out. */
  readonly warmup?: WarmupOptions;
};

/**
 * The schedule a spec describes.
 *
 * @throws BioflaxError for an unknown name, or an option that is out of its range.
 * @example
 * const spec = { name: "multiStep", milestones: [20, 30], gamma: 0.5, warmup: { steps: 4 } } as const;
 * [0, 1, 4, 23, 24, 34].map(createSchedule(spec)); // 0, 0.25, 1, 1, 0.5, 0.25
 */
export function createSchedule(spec: ScheduleSpec): Schedule {
  const { name, warmup, ...options } = spec;
  const create = lookUp<(options: never) => Schedule>("schedule", schedules, name);
  const schedule = create(options as never);
  return warmup === undefined ? schedule : afterWarmup(warmup, name, schedule);
}
