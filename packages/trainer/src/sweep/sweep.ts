import { join } from "node:path";
import { BioflaxError, checkOptionNames, type OptionNames, showValue } from "@bioflax/core";
import { targetsOf } from "../config/targets";
import { execute, listSource, type TaskSource } from "./execute/execute";
import type { RunResult, SweepReporter } from "./execute/reporter";
import { runStateOf } from "./execute/run-state";
import { shareOut, withThreads } from "./execute/share-out";
import { factsOf } from "./folder/stored-sweep";
import { JOURNAL, SweepFolder } from "./folder/sweep-folder";
import type { SweepPlan, SweepRun, SweepSearch } from "./plan/plan-sweep";
import { singleTasks, type Task, tasksOf } from "./plan/tasks";
import { comparisonOf } from "./results/metrics";
import { Optuna } from "./search/optuna";
import { SearchSource } from "./search/search-source";
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
 * @throws BioflaxError for options that are none, a folder that cannot be used, or a sweep that another process executes.
 * @example
 * const plan = await readSweep({ base: { dataset: "sinreg" }, product: { lr: [0.01, 0.1] }, seeds: "0..4" });
 * const { runs } = await sweep(plan, { out: "sweeps/rates" });
 */
export async function sweep(plan: SweepPlan, options: SweepOptions): Promise<SweptRuns> {
  checkPlan(plan);
  checkOptionNames("sweep", options, optionNames);
  checkOptions(options);
  checkPlugins(plan);
  const { signal, reporter = {} } = options;
  const folder = await SweepFolder.create(options.out);
  const onNotice = (text: string) => reporter.notice?.(text);
  return folder.exclusively(() => executeIn(folder, plan, options), { signal, onNotice });
}

/** Whether it is a plan; its own checks are `readSweep`'s. */
function checkPlan(plan: SweepPlan): void {
  const { runs, swept, execution }: Partial<SweepPlan> = Object(plan);
  if (!Array.isArray(runs) || !Array.isArray(swept) || typeof execution !== "object")
    throw new BioflaxError(
      `sweep: plan: expected what readSweep gives, received ${showValue(plan)}. Write sweep(await readSweep(…), { out: … }).`,
    );
}

function checkOptions({ out, jobs, retries, maxFailures }: SweepOptions): void {
  if (typeof out !== "string" || out === "")
    throw new BioflaxError(
      `sweep: out: expected the path of a folder, received ${showValue(out)}.`,
    );
  const counts = { jobs: [jobs, 1], retries: [retries, 0], maxFailures: [maxFailures, 1] } as const;
  for (const [name, [value, from]] of Object.entries(counts))
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= from))
      throw new BioflaxError(
        `sweep: ${name}: expected a whole number from ${from}, received ${showValue(value)}.`,
      );
}

async function executeIn(
  folder: SweepFolder,
  given: SweepPlan,
  options: SweepOptions,
): Promise<SweptRuns> {
  const plan = withMetric(given);
  const { signal, reporter = {}, worker } = options;
  const { execution, search } = plan;
  const sample = search === undefined ? plan.runs : [search.sample];
  const { jobs, threads } = await shareOut(sample, options.jobs ?? execution.jobs);
  const prepare = async (runs: readonly SweepRun[]) =>
    withThreads(await SweepFolder.knownNames(folder.path, runs), threads);
  const list = new RunList(folder, plan);
  await list.add(await prepare(plan.runs));
  const opened =
    search === undefined
      ? { source: listSource(await tasksOfList(folder, list.runs, jobs)), settled: [], close() {} }
      : await openSearch(folder, plan, search, { prepare, list, reporter });
  try {
    await list.write(true);
    const expected = search && Math.max(search.trialRuns, list.runs.length);
    reporter.started?.({ runs: list.runs, jobs, ...(expected !== undefined && { expected }) });
    for (const run of opened.settled)
      reporter.runEnded?.(run, { ...list.resultOf(run), earlier: true });
    const { source } = opened;
    const { stopped } = await execute(
      {
        next: () => source.next(),
        epochFinished: async (run, record) => (await source.epochFinished?.(run, record)) ?? false,
        async ended(run, result) {
          await source.ended?.(run, result);
          await list.ended(run, result);
        },
      },
      {
        folder: folder.runs,
        jobs: Math.min(jobs, expected ?? list.runs.length),
        retries: options.retries ?? execution.retries ?? 1,
        maxFailures: options.maxFailures ?? execution.maxFailures,
        signal,
        reporter,
        worker,
      },
    );
    return {
      folder: folder.path,
      runs: list.entries.map(({ run, result }) => ({ run, ...(result && { result }) })),
      ...(stopped !== undefined && { stopped }),
    };
  } finally {
    opened.close();
    await list.write(true);
  }
}

/** The tasks of runs: what has ended is in none with what has not, so that the rest is shared out evenly. */
async function tasksOfList(
  folder: SweepFolder,
  runs: readonly SweepRun[],
  jobs: number,
): Promise<readonly Task[]> {
  const states = await Promise.all(
    runs.map(({ name, config }) =>
      // What cannot be read is told of when its turn comes.
      runStateOf(join(folder.runs, name), config).catch(() => undefined),
    ),
  );
  const isEnded = (_run: SweepRun, i: number) =>
    ["done", "diverged"].includes(states[i]?.status ?? "");
  const left = runs.filter((run, i) => !isEnded(run, i));
  return [...singleTasks(runs.filter(isEnded)), ...tasksOf(left, jobs)];
}

/** A search's plan with what it goes by: validation, where nothing else is said. */
function withMetric(plan: SweepPlan): SweepPlan {
  if (plan.search === undefined || plan.metric !== undefined) return plan;
  const { task } = targetsOf(plan.search.sample.config.dataset);
  return { ...plan, metric: task === "regression" ? "val.loss" : "val.accuracy" };
}

/** A sweep's runs and what came of them, as its folder has them. */
class RunList {
  readonly #folder: SweepFolder;
  readonly #plan: SweepPlan;
  readonly #results = new Map<SweepRun, RunResult>();
  readonly runs: SweepRun[] = [];
  #before: ReadonlyMap<string, RunResult> | undefined;

  constructor(folder: SweepFolder, plan: SweepPlan) {
    this.#folder = folder;
    this.#plan = plan;
  }

  get entries(): { readonly run: SweepRun; readonly result: RunResult | undefined }[] {
    return this.runs.map((run) => ({ run, result: this.#results.get(run) }));
  }

  /** What has come of a run; of one whose result was never written, that it is done. */
  resultOf(run: SweepRun): RunResult {
    return this.#results.get(run) ?? { kind: "done" };
  }

  /** Adds runs, with what came of them when the sweep was executed before; each once. */
  async add(runs: readonly SweepRun[]): Promise<void> {
    this.#before ??= await this.#folder.results();
    for (const run of runs) {
      if (this.runs.some((other) => other.name === run.name)) continue;
      this.runs.push(run);
      const result = this.#before.get(run.name);
      if (result !== undefined) this.#results.set(run, result);
    }
  }

  async ended(run: SweepRun, result: RunResult): Promise<void> {
    const { earlier, ...now } = result;
    this.#results.set(run, earlier ? { ...this.#results.get(run), ...now } : now);
    await this.write(false);
  }

  /** @param isNow whether it is written at once. */
  write(isNow: boolean): Promise<void> {
    return this.#folder.write(factsOf(this.#plan), this.entries, isNow);
  }
}

/** Starts the program that proposes values; trials of before are known to it. */
async function openSearch(
  folder: SweepFolder,
  { metric = "", goal, name }: SweepPlan,
  search: SweepSearch,
  {
    prepare,
    list,
    reporter,
  }: {
    readonly prepare: (runs: readonly SweepRun[]) => Promise<readonly SweepRun[]>;
    readonly list: RunList;
    readonly reporter: SweepReporter;
  },
): Promise<{
  readonly source: TaskSource;
  /** Runs of trials that have ended. */
  readonly settled: readonly SweepRun[];
  readonly close: () => void;
}> {
  const comparison = comparisonOf({ metric, goal }, new Set([metric]));
  const journal = join(folder.path, JOURNAL);
  const { optuna, version, trials } = await Optuna.open(search.spec, {
    journal,
    name,
    goal: comparison.goal,
  });
  reporter.notice?.(
    `Optuna ${version} proposes values${trials.length > 0 ? `, after ${trials.length} trials of before` : ""}`,
  );
  for (const { values } of trials.filter(({ state }) => state === "complete" || state === "pruned"))
    await list.add(await prepare(search.propose(values)));
  const settled = [...list.runs];
  const source = new SearchSource({
    optuna,
    search,
    comparison,
    folder: folder.runs,
    trials,
    prepare,
    onRuns: (runs) => list.add(runs),
    onNotice: (text) => reporter.notice?.(text),
  });
  return { source, settled, close: () => optuna.close() };
}

/** A process of its own can load a module, but no plugin that is an object of this one. */
function checkPlugins({ runs, search }: SweepPlan): void {
  const given = [...runs, ...(search ? [search.sample] : [])].flatMap(
    ({ config }) => config.plugins ?? [],
  );
  if (given.some((plugin) => typeof plugin !== "string"))
    throw new BioflaxError(
      "sweep: plugins: expected paths of modules or names of packages, which the processes of a sweep can load, received a plugin itself. Put it into a module.",
    );
}
