import type { SweepRun } from "./plan-sweep";

/** Runs that one process is given together. */
export interface Task {
  readonly runs: readonly SweepRun[];
  /** Whether they train as replicas of one another; else one after another. */
  readonly asReplicas?: true | undefined;
}

/** Replicas of a task at most: more have no more to share of a step, and all begin again where their process dies. */
const MOST_REPLICAS = 16;

/** Cuts runs into lists of so many each, in their order. */
export function cutUp(runs: readonly SweepRun[], size: number): readonly (readonly SweepRun[])[] {
  return Array.from({ length: Math.ceil(runs.length / size) }, (_, i) =>
    runs.slice(i * size, (i + 1) * size),
  );
}

/** A task for each run. */
export const singleTasks = (runs: readonly SweepRun[]): readonly Task[] =>
  runs.map((run) => ({ runs: [run] }));

/** Cuts a group into so many tasks of about the same size. */
const evenTasks = (runs: readonly SweepRun[], tasks: number): readonly Task[] =>
  Array.from({ length: tasks }, (_, i): Task => {
    const end = (part: number) => Math.floor((part * runs.length) / tasks);
    return { runs: runs.slice(end(i), end(i + 1)), asReplicas: true };
  });

/**
 * The tasks of runs: those of a group train as replicas of one another, the others by themselves.
 *
 * @param jobs how many tasks go on at once; groups are cut so that all are busy.
 */
export function tasksOf(runs: readonly SweepRun[], jobs: number): readonly Task[] {
  const groups = new Map<string, SweepRun[]>();
  for (const run of runs)
    if (run.group !== undefined) groups.set(run.group, [...(groups.get(run.group) ?? []), run]);
  const grouped = [...groups.values()];
  const all = grouped.reduce((sum, { length }) => sum + length, 0);
  const size = Math.min(MOST_REPLICAS, Math.ceil(all / jobs));
  const tasks = [
    ...grouped.flatMap((group) => evenTasks(group, Math.ceil(group.length / size))),
    ...singleTasks(runs.filter(({ group }) => group === undefined)),
  ];
  const places = new Map(runs.map((run, place) => [run, place]));
  const place = ({ runs: [first] }: Task) => places.get(first as SweepRun) as number;
  return tasks.sort((a, b) => place(a) - place(b));
}
