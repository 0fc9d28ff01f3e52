import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What Slurm says of a task of a job array. */
export interface TaskState {
  /** Its number in the array. */
  readonly task: number;
  /** In Slurm's words: `RUNNING`, `TIMEOUT`, `OUT_OF_MEMORY`, `NODE_FAIL`, … */
  readonly state: string;
}

/** The states of tasks that go on, or are to. */
const open = [
  "PENDING",
  "RUNNING",
  "CONFIGURING",
  "COMPLETING",
  "SUSPENDED",
  "REQUEUED",
  "STOPPED",
];

/** Whether a task in a state is over. */
export const isOver = (state: string): boolean => !open.includes(state);

/** `12_3` → 3; undefined for anything but a task of the job. */
function taskOf(id: string, job: string): number | undefined {
  const [, task] = new RegExp(`^${job}_(\\d+)$`).exec(id) ?? [];
  return task === undefined ? undefined : Number(task);
}

/** The tasks in what `sacct -P -n -X -o JobID,State` prints: the last state of each. */
export function parseSacct(text: string, job: string): TaskState[] {
  const states = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [id = "", state = ""] = line.split("|");
    const task = taskOf(id, job);
    // "CANCELLED by 1000"
    if (task !== undefined) states.set(task, state.split(" ")[0] as string);
  }
  return [...states].map(([task, state]) => ({ task, state }));
}

/** Tasks of a list such as `2,4-6%2`. */
function tasksIn(list: string): number[] {
  return (list.replace(/%.*$/, "").match(/\d+(-\d+)?/g) ?? []).flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** The tasks in what `scontrol show job -o` prints; those that wait are one line together. */
export function parseScontrol(text: string): TaskState[] {
  return text.split("\n").flatMap((line) => {
    const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S+)`).exec(line)?.[1];
    const [tasks, state] = [field("ArrayTaskId"), field("JobState")];
    if (tasks === undefined || state === undefined) return [];
    return tasksIn(tasks).map((task) => ({ task, state }));
  });
}

/**
 * What Slurm says of the tasks of a job: by its accounting, or where there is none by what it remembers.
 *
 * @returns undefined where neither tells.
 */
export async function taskStates(job: string): Promise<readonly TaskState[] | undefined> {
  const said = async (program: string, ...args: string[]) =>
    (await run(program, args).catch(() => undefined))?.stdout ?? "";
  const accounted = parseSacct(
    await said("sacct", "-j", job, "-P", "-n", "-X", "-o", "JobID,State"),
    job,
  );
  if (accounted.length > 0) return accounted;
  const remembered = parseScontrol(await said("scontrol", "show", "job", job, "-o"));
  return remembered.length > 0 ? remembered.sort((a, b) => a.task - b.task) : undefined;
}
