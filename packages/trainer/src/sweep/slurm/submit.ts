import { execFile } from "node:child_process";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { BioflaxError, sentence } from "@bioflax/core";
import { makeFolder } from "@bioflax/datasets/node";
import { readRunFile, writeAtomically } from "@bioflax/runs/node";
import { runStateOf } from "../execute/run-state";
import { factsOf } from "../folder/stored-sweep";
import { SweepFolder } from "../folder/sweep-folder";
import type { SweepPlan, SweepRun } from "../plan/plan-sweep";
import { cutUp } from "../plan/tasks";
import { SLURM, slurmScript } from "./script";
import { isOver, taskStates } from "./task-states";

const run = promisify(execFile);

/** The file that says which runs each task of the job array trains. */
const TASKS = join(SLURM, "tasks.json");
/** The file that says which job trains them. */
const JOB = join(SLURM, "job.json");
const SCRIPT = join(SLURM, "script.sh");

/** As many runs a task trains where nothing is said: enough for jobs of hours rather than seconds. */
const RUNS_PER_TASK = 20;

/** How a sweep is submitted. */
export interface SubmitOptions {
  /** The sweep's folder, on a disk that the cluster's nodes share. */
  readonly out: string;
  /** The program and its arguments that are the command `bioflax` on the cluster's nodes. */
  readonly command: readonly string[];
}

/** A sweep that is laid out for Slurm. */
export interface SlurmLayout {
  readonly script: string;
  /** The names of each task's runs. */
  readonly tasks: readonly (readonly string[])[];
}

/** The runs of a plan under the names of their folders that have not ended. */
async function unended(plan: SweepPlan, out: string): Promise<readonly SweepRun[]> {
  const runs = await SweepFolder.knownNames(out, plan.runs);
  const left: SweepRun[] = [];
  // One after the other: of several faults, the first is reported.
  for (const run of runs) {
    const { status } = await runStateOf(join(out, "runs", run.name), run.config);
    if (!["done", "diverged"].includes(status)) left.push(run);
  }
  return left;
}

/** Runs in their order, but for those of a group, which follow its first: they train together in a task. */
function together(runs: readonly SweepRun[]): readonly SweepRun[] {
  const first = new Map<string, number>();
  runs.forEach(({ group }, place) => {
    if (group !== undefined && !first.has(group)) first.set(group, place);
  });
  const placeOf = ({ group }: SweepRun, place: number) =>
    group === undefined ? place : (first.get(group) as number);
  return runs
    .map((run, place) => ({ run, place: placeOf(run, place) }))
    .sort((a, b) => a.place - b.place)
    .map(({ run }) => run);
}

/** Lays out what is left of a sweep; nothing is written. */
export async function layOut(
  plan: SweepPlan,
  { out, command }: SubmitOptions,
): Promise<SlurmLayout> {
  const slurm = plan.slurm ?? {};
  const left = await unended(plan, out);
  const tasks = cutUp(together(left), slurm.runsPerTask ?? RUNS_PER_TASK).map((runs) =>
    runs.map(({ name }) => name),
  );
  const folder = resolve(out);
  const script = slurmScript({
    name: plan.name,
    tasks: Math.max(1, tasks.length),
    folder,
    command,
    slurm,
  });
  return { script, tasks };
}

/**
 * Submits a sweep as one job array: what has ended is left out, what was stopped goes on.
 *
 * @returns the job's number, and its tasks; without a number where nothing is left to be done.
 * @throws BioflaxError where there is no Slurm, or it refuses, in its words.
 */
export async function submit(
  plan: SweepPlan,
  options: SubmitOptions,
): Promise<SlurmLayout & { readonly job?: string }> {
  if (plan.search !== undefined)
    throw new BioflaxError(
      "--launcher slurm: expected a list of runs, received a search, whose next runs depend on those before. Run it within one job.",
    );
  const folder = await SweepFolder.create(options.out);
  const runs = await SweepFolder.knownNames(folder.path, plan.runs);
  return folder.exclusively(async () => {
    const before = await folder.results();
    const list = runs.map((run) => ({ run, result: before.get(run.name) }));
    await folder.write(factsOf(plan), list, true);
    await checkIsOver(folder.path);
    const layout = await layOut(plan, options);
    if (layout.tasks.length === 0) return layout;
    await makeFolder(join(folder.path, SLURM));
    await writeAtomically(join(folder.path, TASKS), `${JSON.stringify(layout.tasks, null, 2)}\n`);
    const script = join(folder.path, SCRIPT);
    await writeAtomically(script, layout.script);
    const job = await sbatch(script);
    await writeAtomically(
      join(folder.path, JOB),
      `${JSON.stringify({ job, tasks: layout.tasks.length })}\n`,
    );
    return { ...layout, job };
  }, {});
}

/** Refuses a second job beside one that is not over: both would train the same runs, and count on one list of tasks. */
async function checkIsOver(folder: string): Promise<void> {
  const submitted = await submittedJob(folder);
  const states = submitted && (await taskStates(submitted.job));
  const open = states?.filter(({ state }) => !isOver(state)) ?? [];
  if (open.length > 0)
    throw new BioflaxError(
      `--launcher slurm: expected a sweep of which no job is left, but of job ${submitted?.job} ${open.length} tasks are: ` +
        `wait for them, or cancel them: scancel ${submitted?.job}.`,
    );
}

async function sbatch(script: string): Promise<string> {
  try {
    const { stdout } = await run("sbatch", ["--parsable", script]);
    return stdout.trim().split(";")[0] as string;
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    throw new BioflaxError(
      code === "ENOENT"
        ? "--launcher slurm: expected the commands of Slurm, but there is no sbatch here. Run it on a node of the cluster that has them."
        : `--launcher slurm: sbatch refuses ${script}: ${sentence(stderr.trim() || (error as Error).message)}`,
      { cause: error },
    );
  }
}

/** The names of the runs of a task. @throws BioflaxError where there is no such task. */
export async function runsOfTask(folder: string, task: number): Promise<readonly string[]> {
  const file = join(folder, TASKS);
  const tasks = await readJson<readonly (readonly string[])[]>(file);
  const names = tasks?.[task];
  if (names === undefined)
    throw new BioflaxError(
      `${file}: expected the runs of task ${task}, but there are none. bioflax sweep --launcher slurm writes them.`,
    );
  return names;
}

/** The job that was submitted last; undefined where none was. */
export async function submittedJob(
  folder: string,
): Promise<{ readonly job: string; readonly tasks: number } | undefined> {
  return readJson(join(folder, JOB));
}

async function readJson<T>(file: string): Promise<T | undefined> {
  const bytes = await readRunFile(file);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(bytes.toString("utf8")) as T;
  } catch (error) {
    throw new BioflaxError(`${file}: expected JSON, but ${sentence((error as Error).message)}`, {
      cause: error,
    });
  }
}
