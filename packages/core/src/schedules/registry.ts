import { BioflaxError } from "../errors";
import { readOptions } from "../options/read-options";
import { createRegistry } from "../registry";
import { showValue } from "../show-value";
import { constant } from "./constant";
import { cosine } from "./cosine";
import type { ScheduleDefinition, ScheduleOptions } from "./definition";
import { exponential } from "./exponential";
import { multiStep } from "./multi-step";
import type { Schedule } from "./schedule";
import { afterWarmup, type WarmupOptions, warmupOptions } from "./warmup";

const builtIns = { constant, multiStep, cosine, exponential } as const;

/** Every schedule by name. */
export const schedules = createRegistry<ScheduleDefinition, typeof builtIns>({
  kind: "schedule",
  where: { name: "schedules", of: "@bioflax/core" },
  builtIns,
  needs: { options: "object", create: "function" },
});

/** The name of a schedule that comes with bioflax. */
export type ScheduleName = keyof typeof builtIns;

interface Warmed {
  /** A linear warm-up in front of it, after which its own steps begin to count; none when left out. */
  readonly warmup?: WarmupOptions;
}

/** A schedule as plain JSON: its name and options, e.g. `{ name: "cosine", steps: 1000, warmup: { steps: 100 } }`. */
export type ScheduleSpec = {
  [Name in ScheduleName]: { readonly name: Name } & ScheduleOptions<(typeof builtIns)[Name]>;
}[ScheduleName] &
  Warmed;

/** A schedule as it may be given: its definition, with the options that one has, may stand for its name. */
export type GivenSchedule =
  | ScheduleSpec
  | ({ readonly name: ScheduleDefinition } & Warmed & { readonly [option: string]: unknown });

/**
 * The plain JSON of a schedule; a definition in it is added to {@link schedules}.
 *
 * @throws BioflaxError for what is no object, or an unknown name.
 */
export function scheduleSpecOf(given: GivenSchedule): ScheduleSpec {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new BioflaxError(
      `Schedule: expected { name, … }, such as { name: "cosine", steps: 1000 }, received ${showValue(given)}.`,
    );
  return { ...given, name: schedules.nameOf(given.name) } as ScheduleSpec;
}

/**
 * The schedule a spec describes.
 *
 * @throws BioflaxError for an unknown name, or an option that is out of its range.
 * @example
 * const spec = { name: "multiStep", milestones: [20, 30], gamma: 0.5, warmup: { steps: 4 } } as const;
 * [0, 1, 4, 23, 24, 34].map(createSchedule(spec)); // 0, 0.25, 1, 1, 0.5, 0.25
 */
export function createSchedule(given: GivenSchedule): Schedule {
  const spec = scheduleSpecOf(given);
  const { name, warmup } = spec;
  const { options, create } = schedules.get(name) as ScheduleDefinition;
  const what = `Schedule "${name}"`;
  const schedule = create(readOptions(what, options, spec, { name: true, warmup: true }));
  if (warmup === undefined) return schedule;
  return afterWarmup(readOptions(`${what}, warmup`, warmupOptions, warmup), schedule);
}
