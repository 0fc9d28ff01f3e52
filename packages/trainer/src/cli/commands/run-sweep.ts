import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { ConfigError } from "../../resolve/resolve";
import { type RunResult, resultKinds } from "../../sweep/execute/reporter";
import { shareOut, withThreads } from "../../sweep/execute/share-out";
import { SweepFolder } from "../../sweep/folder/sweep-folder";
import { estimateSweep, type SweepEstimate } from "../../sweep/plan/estimate";
import type { SweepPlan } from "../../sweep/plan/plan-sweep";
import { readSweepWith, type SweepAdditions } from "../../sweep/plan/read-sweep";
import { sweepName } from "../../sweep/plan/sweep-name";
import { reportSweep } from "../../sweep/results/report-sweep";
import type { SweepInput } from "../../sweep/spec/sweep-spec";
import { type SweptRuns, sweep } from "../../sweep/sweep";
import { colorsFor } from "../colors";
import { count, duration, megabytes, runCount } from "../format";
import { exitStatus, type Io } from "../io";
import { ProgressBar } from "../progress-bar";
import { quietSweepTerminal, sweepTerminal } from "../sweep-reporter";
import { textTable } from "../text-table";
import { printBest } from "./print-sweep";

/** What `bioflax sweep` is asked for. */
export interface RunSweepOptions {
  readonly source: string | SweepInput;
  readonly additions: SweepAdditions;
  readonly options: {
    readonly out?: string;
    readonly jobs?: number;
    readonly retries?: number;
    readonly maxFailures?: number;
    readonly dryRun?: true;
    readonly launcher?: "slurm";
    readonly quiet: boolean;
    readonly json: boolean;
  };
}

/** `bioflax sweep`: executes a sweep, shows how it goes, and what is best. @returns the exit status. */
export async function runSweep(
  { source, additions, options }: RunSweepOptions,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const read = await readSweepWith(source, additions);
  const plan = typeof source === "string" ? read : { ...read, name: sweepName(read) };
  const { quiet, json, dryRun, out: given, ...execution } = options;
  const out = given ?? join("sweeps", plan.name);
  const terminal = quiet ? quietSweepTerminal(io) : sweepTerminal(io);
  for (const notice of plan.notices) terminal.notice?.(notice);
  if (plan.excluded > 0) terminal.notice?.(`${plan.excluded} combinations are left out`);
  if (options.launcher === "slurm") {
    checkLaunched(options);
    return launch(plan, out, dryRun ?? false, io);
  }
  if (dryRun) return dry(plan, out, options.jobs, io, signal);
  try {
    const { jobs, retries, maxFailures } = execution;
    const swept = await sweep(plan, {
      out,
      jobs,
      retries,
      maxFailures,
      signal,
      reporter: terminal,
      worker: io.sweepWorker,
    });
    terminal.close();
    return await conclude(swept, { quiet, json }, io);
  } catch (error) {
    // Stopped before there was a sweep to execute.
    if (signal.aborted && error === signal.reason) return exitStatus.interrupted;
    throw error;
  } finally {
    terminal.close();
  }
}

/** Refuses what only this machine goes by. */
function checkLaunched({ jobs, retries, maxFailures }: RunSweepOptions["options"]): void {
  const given = Object.entries({ jobs, retries, "max-failures": maxFailures }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`--${name}`]),
  );
  if (given.length > 0)
    throw new ConfigError([
      `${given.join(" and ")}: expected none beside --launcher slurm, where a task trains as many runs at a time as it has cores: slurm: { cores: 4 }`,
    ]);
}

/** Submits a sweep to Slurm, or shows what would be. */
async function launch(plan: SweepPlan, out: string, isDry: boolean, io: Io): Promise<number> {
  const { layOut, submit } = await import("../../sweep/slurm/submit");
  const options = { out, command: io.command ?? ["bioflax"] };
  if (isDry) {
    io.stdout.write((await layOut(plan, options)).script);
    return exitStatus.done;
  }
  const { job, tasks } = await submit(plan, options);
  const runs = tasks.reduce((sum, names) => sum + names.length, 0);
  if (job === undefined) io.stderr.write("nothing left to do: all runs have ended\n");
  else {
    io.stderr.write(
      `${runCount(runs)} in ${count(tasks.length)} ${tasks.length === 1 ? "task" : "tasks"}; bioflax sweep status ${out} tells how they go\n`,
    );
    io.stdout.write(`${job}\n`);
  }
  return exitStatus.done;
}

/** Trains the runs of a task of a job array. @returns the exit status; 130 has the task queued again. */
export async function runSweepTask(
  folder: string,
  task: number,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const { runTask } = await import("../../sweep/slurm/run-task");
  const reporter = sweepTerminal(io);
  try {
    const { results, stopped } = await runTask(folder, task, {
      signal,
      reporter,
      worker: io.sweepWorker,
    });
    if (stopped === "signal") return exitStatus.interrupted;
    const failed = [...results.values()].some(({ kind }) => kind === "failed");
    return failed ? exitStatus.failed : exitStatus.done;
  } finally {
    reporter.close();
  }
}

/** Tells what came of a sweep. */
async function conclude(
  { folder, runs, stopped }: SweptRuns,
  { quiet, json }: { readonly quiet: boolean; readonly json: boolean },
  io: Io,
): Promise<number> {
  const { yellow } = colorsFor(io.stderr, io.env);
  const of = (kind: RunResult["kind"]) => runs.filter(({ result }) => result?.kind === kind).length;
  const left = runs.filter(
    ({ result }) => result === undefined || result.kind === "interrupted",
  ).length;
  const counts = { ...Object.fromEntries(resultKinds.map((kind) => [kind, of(kind)])), left };
  const report = of("done") > 0 ? await reportSweep(folder).catch(sayWhy(io)) : undefined;
  if (of("done") > 0 && !quiet) {
    const best = await printBest(folder, { top: 5 }, "text").catch(sayWhy(io));
    io.stderr.write(`\n${best ?? ""}`);
  }
  const told = resultKinds
    .filter((kind) => of(kind) > 0 && kind !== "interrupted")
    .map((kind) => `${of(kind)} ${kind}`);
  const rest = left > 0 ? [`${left} left: the same command goes on with them`] : [];
  io.stderr.write(`${[...told, ...rest].join(", ")} · ${report ?? folder}\n`);
  if (stopped === "failures")
    io.stderr.write(`${yellow("stopped")} after too many failures (--max-failures)\n`);
  if (json)
    io.stdout.write(`${JSON.stringify({ folder, ...(report && { report }), ...counts })}\n`);
  if (stopped === "signal") return exitStatus.interrupted;
  return of("failed") > 0 ? exitStatus.failed : exitStatus.done;
}

/** What a sweep has come to is worth more than a page about it. */
const sayWhy = (io: Io) => (error: unknown) => {
  if (!(error instanceof BioflaxError)) throw error;
  io.stderr.write(`warning: ${error.message}\n`);
  return undefined;
};

/** How it is known what runs take. */
const how = {
  finished: "finished runs of the sweep",
  measured: "a few steps, measured now, one run at a time",
  mean: "the mean of the others",
  unknown: "nothing",
} as const;

/** Lists the runs of a sweep, and what they are expected to take. */
async function dry(
  plan: SweepPlan,
  out: string,
  givenJobs: number | undefined,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const { search } = plan;
  const all = search === undefined ? plan.runs : [search.sample];
  const { jobs, threads } = await shareOut(all, givenJobs ?? plan.execution.jobs);
  const runs = withThreads(await SweepFolder.knownNames(out, all), threads);
  const atOnce = Math.min(jobs, search?.trialRuns ?? runs.length);
  const bar = new ProgressBar(io.stderr, colorsFor(io.stderr, io.env));
  const estimate = await estimateSweep(runs, {
    folder: out,
    jobs: atOnce,
    worker: io.sweepWorker,
    signal,
    onMeasure(done, all) {
      bar.start("measuring", all);
      bar.update(done, `${done} of ${all}`);
    },
  });
  bar.clear();
  const times = search?.trialRuns ?? 1;
  io.stdout.write(describeEstimate({ estimate, out, jobs: atOnce, times }));
  return signal.aborted ? exitStatus.interrupted : exitStatus.done;
}

/** @param options.times how many runs there will be like the first, of a search; 1 otherwise. */
function describeEstimate({
  estimate: { runs, seconds, peakBytes, problems },
  out,
  jobs,
  times,
}: {
  readonly estimate: SweepEstimate;
  readonly out: string;
  readonly jobs: number;
  readonly times: number;
}): string {
  const joint = new Set(runs.flatMap(({ task }) => task ?? []));
  const rows = runs.map(({ run, task, isEnded, seconds: own }) => [
    run.name,
    String(run.config.epochs),
    isEnded ? "has ended" : own === undefined ? "–" : duration(own),
    ...(joint.size > 0 ? [task === undefined ? "" : String(task)] : []),
  ]);
  const ended = runs.filter(({ isEnded }) => isEnded).length;
  const ways = [...new Set(runs.filter(({ isEnded }) => !isEnded).map(({ by }) => how[by]))];
  const number = runs.length * times;
  const like = times > 1 ? ` like this one` : "";
  const all = seconds === undefined ? undefined : times > 1 ? (seconds * times) / jobs : seconds;
  const facts = [
    `${runCount(number)}${like}, ${jobs} at a time, in ${out}${ended > 0 ? `; ${ended} have ended` : ""}`,
    ...(joint.size > 0
      ? [
          `${runs.filter(({ task }) => task !== undefined).length} of them as replicas, in ${joint.size === 1 ? "one process" : `${joint.size} processes`}, each of which trains the runs of its number as one`,
        ]
      : []),
    ...(all === undefined || ended === number
      ? []
      : [`expected: about ${duration(all)} (by ${ways.join(" and ")})`]),
    ...(peakBytes === undefined
      ? []
      : [
          `memory: about ${megabytes(peakBytes)} MB a process, ${megabytes(peakBytes * jobs)} MB at a time`,
        ]),
    ...problems.map((problem) => `not measured: ${problem}`),
  ];
  const titles = ["run", "epochs", "expected", ...(joint.size > 0 ? ["replicas"] : [])];
  return `${textTable(titles, rows)}\n${facts.join("\n")}\n`;
}
