import type { SweepRun } from "./plan-sweep";

/** Runs that one process is given together, and trains one after another. */
export interface Task {
  readonly runs: readonly SweepRun[];
}

/** Cuts runs into tasks of so many each, in their order. */
export function tasksOf(runs: readonly SweepRun[], size: number): readonly Task[] {
  return Array.from({ length: Math.ceil(runs.length / size) }, (_, i) => ({
    runs: runs.slice(i * size, (i + 1) * size),
  }));
}
