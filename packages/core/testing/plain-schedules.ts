import type { OptimizerSpec, ScheduleSpec } from "@bioflax/core";

/** A scheduled value at a step, counted from 0, as optax writes its schedules: from an initial value on. */
function valueAt(schedule: ScheduleSpec, initial: number, count: number): number {
  switch (schedule.name) {
    case "constant":
      return initial;
    case "multiStep": {
      let value = initial;
      for (const boundary of schedule.milestones)
        if (count >= boundary) value *= schedule.gamma ?? 0.1;
      return value;
    }
    case "cosine": {
      const least = (schedule.alpha ?? 0) * initial;
      const part = Math.min(count, schedule.steps) / schedule.steps;
      return least + ((initial - least) / 2) * (1 + Math.cos(Math.PI * part));
    }
    case "exponential": {
      const times = schedule.staircase
        ? (count - (count % schedule.steps)) / schedule.steps
        : count / schedule.steps;
      return initial * Math.exp(times * Math.log(schedule.gamma));
    }
  }
}

/** The learning rate of a step, counted from 0. */
export function plainRate({ learningRate, schedule }: OptimizerSpec, t: number): number {
  if (schedule === undefined) return learningRate;
  const { warmup } = schedule;
  if (warmup === undefined) return valueAt(schedule, learningRate, t);
  const { steps, from = 0 } = warmup;
  if (t >= steps) return valueAt(schedule, learningRate, t - steps);
  return learningRate * (from + ((1 - from) * t) / steps);
}
