import { readStoredSweep } from "../folder/sweep-folder";
import { readSweepResults } from "../results/read-results";
import { Worker, type WorkerCommand, WorkerDied } from "../worker/start-worker";
import { costKeyOf } from "./cost-key";
import type { SweepRun } from "./plan-sweep";
import { type Task, tasksOf } from "./tasks";

/** Seconds in which measuring ends; what is not measured by then is taken to be as the rest. */
const MEASURE_SECONDS = 60;

/** How what a run takes is known. */
type KnownBy = "finished" | "measured" | "mean" | "unknown";

/** What a run is expected to take. */
export interface RunEstimate {
  readonly run: SweepRun;
  /** The number, from 1, of the task that it trains in as a replica; missing of one that trains by itself. */
  readonly task?: number;
  /** Whether it has ended, and takes nothing more. */
  readonly isEnded: boolean;
  /** Seconds of all its epochs, of a replica its share of those of its task; missing where nothing tells. */
  readonly seconds?: number;
  readonly by: KnownBy;
}

/** What a sweep is expected to take. */
export interface SweepEstimate {
  readonly runs: readonly RunEstimate[];
  /** Seconds of what has not ended, so many runs at a time; missing where nothing tells. */
  readonly seconds?: number;
  /** The most memory that a process of a run takes; missing where nothing tells. */
  readonly peakBytes?: number;
  /** Why some could not be measured. */
  readonly problems: readonly string[];
}

/** What a run costs, of a replica its share. */
interface Cost {
  readonly startSeconds: number;
  readonly epochSeconds: number;
  readonly peakBytes?: number | undefined;
  readonly by: KnownBy;
}

/**
 * Expects what a sweep takes: by its own finished runs of the same cost, or by some steps of a run, measured in a
 * process of its own, one after another.
 *
 * @param runs with the threads they are to compute with.
 * @param options.folder the sweep's, where it has been started before.
 * @param options.jobs how many runs go on at a time.
 */
export async function estimateSweep(
  runs: readonly SweepRun[],
  options: {
    readonly folder: string;
    readonly jobs: number;
    readonly worker?: WorkerCommand | undefined;
    readonly signal?: AbortSignal;
    readonly onMeasure?: (done: number, all: number) => void;
  },
): Promise<SweepEstimate> {
  const ended = new Set<string>();
  const costs = await finishedCosts(runs, options.folder, ended);
  const tasks = tasksOf(
    runs.filter((run) => !ended.has(run.name)),
    options.jobs,
  );
  const unknown = new Map(
    tasks.map((task) => [keyOfTask(task), task] as const).filter(([key]) => !costs.has(key)),
  );
  const problems: string[] = [];
  const start = performance.now();
  let done = 0;
  for (const [key, task] of unknown) {
    if (options.signal?.aborted || (performance.now() - start) / 1000 > MEASURE_SECONDS) break;
    options.onMeasure?.(done++, unknown.size);
    const measured = await measure(task, options.worker);
    if ("error" in measured) problems.push(`${task.runs[0]?.name}: ${measured.error}`);
    else costs.set(key, measured);
  }
  const known = [...costs.values()];
  const mean = (read: (cost: Cost) => number) =>
    known.reduce((sum, cost) => sum + read(cost), 0) / known.length;
  const average: Cost | undefined =
    known.length === 0
      ? undefined
      : {
          startSeconds: mean(({ startSeconds }) => startSeconds),
          epochSeconds: mean(({ epochSeconds }) => epochSeconds),
          by: "mean",
        };
  const joint = tasks.filter(({ asReplicas }) => asReplicas);
  const taskOf = new Map(joint.flatMap((task, i) => task.runs.map((run) => [run, i + 1] as const)));
  const estimates = runs.map((run): RunEstimate => {
    const isEnded = ended.has(run.name);
    const task = taskOf.get(run);
    const about = { run, isEnded, ...(task !== undefined && { task }) };
    const cost = costs.get(keyOfRun(run.config, task !== undefined)) ?? average;
    if (cost === undefined) return { ...about, by: "unknown" };
    const seconds = cost.startSeconds + cost.epochSeconds * run.config.epochs;
    return { ...about, seconds, by: cost.by };
  });
  const byRun = new Map(estimates.map(({ run, seconds }) => [run, seconds]));
  const left = tasks.map((task) =>
    task.runs.reduce<number | undefined>((sum, run) => {
      const seconds = byRun.get(run);
      return sum === undefined || seconds === undefined ? undefined : sum + seconds;
    }, 0),
  );
  const peaks = known.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    runs: estimates,
    ...(left.every((one) => one !== undefined) && { seconds: sharedOut(left, options.jobs) }),
    ...(peaks.length > 0 && { peakBytes: Math.max(...peaks) }),
    problems,
  };
}

/** What runs have in common that cost the same. */
const keyOfRun = (config: SweepRun["config"], isReplica: boolean) =>
  `${costKeyOf(config)}${isReplica ? " as a replica" : ""}`;

const keyOfTask = ({ runs, asReplicas }: Task) =>
  keyOfRun((runs[0] as SweepRun).config, asReplicas ?? false);

/** How long tasks take that are taken one after another, so many at a time. */
export function sharedOut(seconds: readonly number[], jobs: number): number {
  const lanes = Array.from({ length: jobs }, () => 0);
  for (const one of seconds) {
    const first = lanes.indexOf(Math.min(...lanes));
    lanes[first] = (lanes[first] as number) + one;
  }
  return Math.max(...lanes);
}

/** What the finished runs of a sweep took, by their costs; those that have ended are noted. */
async function finishedCosts(
  runs: readonly SweepRun[],
  folder: string,
  ended: Set<string>,
): Promise<Map<string, Cost>> {
  const costs = new Map<string, Cost>();
  const stored = await readStoredSweep(folder).catch(() => undefined);
  if (stored === undefined) return costs;
  const byName = new Map(runs.map((run) => [run.name, run]));
  const { rows } = await readSweepResults(folder);
  const samples = new Map<string, { seconds: number[]; peakBytes: number[] }>();
  for (const [i, { name, status, seconds, epochs, replicas }] of rows.entries()) {
    const run = byName.get(name);
    if (run === undefined || (status !== "done" && status !== "diverged")) continue;
    if (status === "diverged" || epochs >= run.config.epochs) ended.add(name);
    if (status !== "done" || seconds === undefined) continue;
    const key = keyOfRun(run.config, replicas !== undefined);
    const sample = samples.get(key) ?? { seconds: [], peakBytes: [] };
    sample.seconds.push(seconds / epochs / (replicas ?? 1));
    const peak = stored.runs[i]?.result?.peakBytes;
    if (peak !== undefined) sample.peakBytes.push(peak);
    samples.set(key, sample);
  }
  for (const [key, { seconds, peakBytes }] of samples)
    costs.set(key, {
      startSeconds: 0,
      epochSeconds: seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
      ...(peakBytes.length > 0 && { peakBytes: Math.max(...peakBytes) }),
      by: "finished",
    });
  return costs;
}

async function measure(
  { runs }: Task,
  command: WorkerCommand | undefined,
): Promise<Cost | { readonly error: string }> {
  const worker = new Worker(command);
  try {
    const measured = await worker.measure(runs.map(({ config }) => config));
    if ("error" in measured) return measured;
    const { startSeconds, epochSeconds, peakBytes } = measured;
    return {
      startSeconds: startSeconds / runs.length,
      epochSeconds: epochSeconds / runs.length,
      peakBytes,
      by: "measured",
    };
  } catch (error) {
    if (error instanceof WorkerDied) return { error: error.message };
    throw error;
  } finally {
    await worker.close();
  }
}
