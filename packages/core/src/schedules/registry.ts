import { lookUp } from "../errors";
import { checkOptionNames, type OptionNames } from "../option-names";
import { constant } from "./constant";
import { type CosineOptions, cosine } from "./cosine";
import { type ExponentialOptions, exponential } from "./exponential";
import { type MultiStepOptions, multiStep } from "./multi-step";
import type { Schedule } from "./schedule";
import { afterWarmup, type WarmupOptions } from "./warmup";

/** Every schedule by name; each takes its options as an object. */
export const schedules = { constant, multiStep, cosine, exponential } as const;

/** What each of them takes. */
const optionNames: {
  readonly [Name in ScheduleName]: OptionNames<
    Omit<Extract<ScheduleSpec, { readonly name: Name }>, "name" | "warmup">
  >;
} = {
  constant: {},
  multiStep: { milestones: true, gamma: true },
  cosine: { steps: true, alpha: true },
  exponential: { steps: true, gamma: true, staircase: true },
};
const warmupNames: OptionNames<WarmupOptions> = { steps: true, from: true };

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
  checkOptionNames(`Schedule "${name}"`, spec, optionNames[name], { name: true, warmup: true });
  if (warmup !== undefined) checkOptionNames(`Schedule "${name}", warmup`, warmup, warmupNames);
  const schedule = create(options as never);
  return warmup === undefined ? schedule : afterWarmup(warmup, name, schedule);
}
