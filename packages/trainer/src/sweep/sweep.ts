import { BioflaxError, checkOptionNames, type OptionNames } from "@bioflax/core";
import { execute, listSource, type TaskSource } from "./execute/execute";
import type { RunResult, SweepReporter } from "./execute/reporter";
import { shareOut, withThreads } from "./execute/share-out";
import { factsOf } from "./folder/stored-sweep";
import { SweepFolder } from "./folder/sweep-folder";
import type { SweepPlan, SweepRun } from "./plan/plan-sweep";
import { tasksOf } from "./plan/tasks";
import type { WorkerCommand } from "./worker/start-worker";

/** How a sweep is executed, watched and stopped. */
export interface SweepOptions {
  /** Its folder: a new or empty one, or one of a sweep, which goes on. */
  readonly out: string;
  /** How many runs go on at once; as many as there are processors, or one on a GPU, when left out. */
  readonly jobs?: number | undefined;
  /** How often a run that died is tried again; once when left out. */
  readonly retries?: number | undefined;
  /** How many runs may fail before the rest is left; all when left out. */
  readonly maxFailures?: number | undefined;
  /** Stops the sweep; what is under way is saved, and goes on when the sweep is started again. */
  readonly signal?: AbortSignal | undefined;
  readonly reporter?: SweepReporter;
  /** What starts a process that trains; the built package's own when left out. */
  readonly worker?: WorkerCommand | undefined;
}

const optionNames: OptionNames<SweepOptions> = {
  out: true,
  jobs: true,
  retries: true,
  maxFailures: true,
  signal: true,
  reporter: true,
  worker: true,
};

/** A sweep that was executed. */
export interface SweptRuns {
  /** Its folder. */
  readonly folder: string;
  /** Its runs, and what came of each; missing of those that were not begun. */
  readonly runs: readonly { readonly run: SweepRun; readonly result?: RunResult }[];
  /** Why runs were left that had not ended; missing where none was. */
  readonly stopped?: "signal" | "failures";
}

/**
 * Executes the runs of a sweep beside each other, in processes of their own.
 *
 * The folder holds `sweep.json`, which lists the runs and what came of each, and `runs/`, a folder for each. Runs that
 * have ended are not trained again; those that were stopped, by a signal, a power cut or `kill -9`, go on where they
 * were, to the numbers they would have come to. A run whose loss is no longer finite has ended, too.
 *
 * @param plan as {@link readSweep} gives it.
 * @throws BioflaxError for a folder that cannot be used, or a sweep that another process executes.
 * @example
 * const plan = await readSweep({ base: { dataset: "sinreg" }, product: { lr: [0.01, 0.1] }, seeds: "0..4" });
 * const { runs } = await sweep(plan, { out: "sweeps/rates" });
 */
export async function sweep(plan: SweepPlan, options: SweepOptions): Promise<SweptRuns> {
  checkOptionNames("sweep", options, optionNames);
  checkPlugins(plan);
  const { signal, reporter = {} } = options;
  const folder = await SweepFolder.create(options.out);
  const onNotice = (text: string) => reporter.notice?.(text);
  return folder.exclusively(() => executeIn(folder, plan, options), { signal, onNotice });
}

async function executeIn(
  folder: SweepFolder,
  plan: SweepPlan,
  { signal, reporter = {}, worker, ...given }: SweepOptions,
): Promise<SweptRuns> {
  const { execution } = plan;
  const { jobs, threads } = await shareOut(plan.runs, given.jobs ?? execution.jobs);
  const runs = withThreads(await SweepFolder.knownNames(folder.path, plan.runs), threads);
  const before = await folder.results();
  const results = new Map<SweepRun, RunResult>();
  for (const run of runs) {
    const result = before.get(run.name);
    if (result !== undefined) results.set(run, result);
  }
  const list = () => runs.map((run) => ({ run, result: results.get(run) }));
  const facts = factsOf(plan);
  await folder.write(facts, list(), true);
  reporter.started?.({ runs, jobs });
  const source: TaskSource = {
    ...listSource(tasksOf(runs, 1)),
    async ended(run, result) {
      const { earlier, ...now } = result;
      results.set(run, earlier ? { ...results.get(run), ...now } : now);
      await folder.write(facts, list(), false);
    },
  };
  const { stopped } = await execute(source, {
    folder: folder.runs,
    jobs: Math.min(jobs, runs.length),
    retries: given.retries ?? execution.retries ?? 1,
    maxFailures: given.maxFailures ?? execution.maxFailures,
    signal,
    reporter,
    worker,
  });
  await folder.write(facts, list(), true);
  return {
    folder: folder.path,
    runs: list().map(({ run, result }) => ({ run, ...(result && { result }) })),
    ...(stopped !== undefined && { stopped }),
  };
}

/** A process of its own can load a module, but no plugin that is an object of this one. */
function checkPlugins({ runs }: SweepPlan): void {
  const given = runs.flatMap(({ config }) => config.plugins ?? []);
  if (given.some((plugin) => typeof plugin !== "string"))
    throw new BioflaxError(
      "sweep: plugins: expected paths of modules or names of packages, which the processes of a sweep can load, received a plugin itself. Put it into a module.",
    );
}
