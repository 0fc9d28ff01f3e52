import { createSchedule, type ScheduleSpec } from "../schedules/registry";
import type { Schedule } from "../schedules/schedule";

/** The step sizes η of a training as plain JSON. */
export interface LearningRateSpec {
  /** The step size η; with a schedule, the base rate that it multiplies. */
  readonly learningRate: number;
  /** How the rate goes along training; it stays the same when left out. */
  readonly schedule?: ScheduleSpec;
}

/** Step sizes η: a number where they are all the same; with a schedule, that of each step, counted from 0. */
export type LearningRate = number | Schedule;

/**
 * The step sizes a spec describes.
 *
 * @throws BioflaxError for a schedule that is not known, or an option of it that is out of its range.
 */
export function createLearningRate({ learningRate, schedule }: LearningRateSpec): LearningRate {
  if (schedule === undefined) return learningRate;
  const factor = createSchedule(schedule);
  return (step) => learningRate * factor(step);
}

/** The step size of one step, counted from 0. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === "number" ? rate : rate(step);
}
