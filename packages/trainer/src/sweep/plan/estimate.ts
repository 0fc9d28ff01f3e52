import { readStoredSweep } from "../folder/sweep-folder";
import { readSweepResults } from "../results/read-results";
import { Worker, type WorkerCommand, WorkerDied } from "../worker/start-worker";
import { costKeyOf } from "./cost-key";
import type { SweepRun } from "./plan-sweep";

/** Seconds in which measuring ends; what is not measured by then is taken to be as the rest. */
const MEASURE_SECONDS = 60;

/** How what a run takes is known. */
type KnownBy = "finished" | "measured" | "mean" | "unknown";

/** What a run is expected to take. */
export interface RunEstimate {
  readonly run: SweepRun;
  /** Whether it has ended, and takes nothing more. */
  readonly isEnded: boolean;
  /** Seconds of all its epochs; missing where nothing tells. */
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
  const open = runs.filter((run) => !ended.has(run.name));
  const unknown = new Map(
    open.map((run) => [costKeyOf(run.config), run] as const).filter(([key]) => !costs.has(key)),
  );
  const problems: string[] = [];
  const start = performance.now();
  let done = 0;
  for (const [key, run] of unknown) {
    if (options.signal?.aborted || (performance.now() - start) / 1000 > MEASURE_SECONDS) break;
    options.onMeasure?.(done++, unknown.size);
    const measured = await measure(run, options.worker);
    if ("error" in measured) problems.push(`${run.name}: ${measured.error}`);
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
  const estimates = runs.map((run): RunEstimate => {
    const isEnded = ended.has(run.name);
    const cost = costs.get(costKeyOf(run.config)) ?? average;
    if (cost === undefined) return { run, isEnded, by: "unknown" };
    const seconds = cost.startSeconds + cost.epochSeconds * run.config.epochs;
    return { run, isEnded, seconds, by: cost.by };
  });
  const left = estimates.filter(({ isEnded }) => !isEnded).map(({ seconds }) => seconds);
  const peaks = known.flatMap(({ peakBytes }) => peakBytes ?? []);
  return {
    runs: estimates,
    ...(left.every((one) => one !== undefined) && { seconds: sharedOut(left, options.jobs) }),
    ...(peaks.length > 0 && { peakBytes: Math.max(...peaks) }),
    problems,
  };
}

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
  for (const [i, { name, status, seconds, epochs }] of rows.entries()) {
    const run = byName.get(name);
    if (run === undefined || (status !== "done" && status !== "diverged")) continue;
    ended.add(name);
    if (status !== "done" || seconds === undefined) continue;
    const key = costKeyOf(run.config);
    const sample = samples.get(key) ?? { seconds: [], peakBytes: [] };
    sample.seconds.push(seconds / epochs);
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
  { config }: SweepRun,
  command: WorkerCommand | undefined,
): Promise<Cost | { readonly error: string }> {
  const worker = new Worker(command);
  try {
    const measured = await worker.measure(config);
    return "error" in measured ? measured : { ...measured, by: "measured" };
  } catch (error) {
    if (error instanceof WorkerDied) return { error: error.message };
    throw error;
  } finally {
    await worker.close();
  }
}
