import type { GivenOptions, Options, OptionValues } from "../options/option";
import type { Definition } from "../registry";
import type { Schedule } from "./schedule";

/** A schedule of the registry: what it can be told, and the schedule that makes of it. */
export interface ScheduleDefinition<O extends Options = Options> extends Definition {
  /** What it can be told. */
  readonly options: O;
  /** Options it can be had with, as its contract tries them; only those without a default have to be there. */
  readonly examples?: readonly Readonly<Partial<OptionValues<O>>>[];
  /**
   * The schedule with some options, every one's value, within its range.
   *
   * @throws BioflaxError for values that do not go together.
   */
  create(options: OptionValues<O>): Schedule;
}

/** A schedule's definition, with the types of its options. */
export function defineSchedule<const O extends Options>(
  definition: ScheduleDefinition<O>,
): ScheduleDefinition<O> {
  return definition;
}

/** What a schedule's definition can be told, as it is given. */
export type ScheduleOptions<D> = D extends ScheduleDefinition<infer O> ? GivenOptions<O> : never;
