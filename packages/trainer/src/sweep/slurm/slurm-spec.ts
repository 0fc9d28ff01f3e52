import { nearest, showValue } from "@bioflax/core";

/** How a sweep is laid out on a Slurm cluster. */
export interface SlurmSpec {
  /** How many runs a task of the job array trains, several at a time by its cores; 20 when left out. */
  readonly runsPerTask?: number;
  /** How many tasks go on at a time; as many as the cluster lets when left out. */
  readonly tasksAtOnce?: number;
  /** Time limit of a task, as `sbatch --time` takes it. One that is over goes on in another. */
  readonly time?: string | number;
  /** Seconds before the time limit at which a task saves its runs and is queued again; 120 when left out. */
  readonly signalSeconds?: number;
  readonly partition?: string;
  readonly account?: string;
  /** Memory of a task, as `sbatch --mem` takes it. */
  readonly memory?: string;
  /** Cores of a task; 1 when left out. */
  readonly cores?: number;
  /** Lines of the shell before anything is run, such as `module load nodejs`. */
  readonly setup?: readonly string[];
  /** More options of `sbatch`, such as `--gres=gpu:1`. */
  readonly options?: readonly string[];
}

/** A number's least value, or what a text or a list has to look like. */
const kinds: { readonly [K in keyof Required<SlurmSpec>]: "count" | "text" | "lines" } = {
  runsPerTask: "count",
  tasksAtOnce: "count",
  time: "text",
  signalSeconds: "count",
  partition: "text",
  account: "text",
  memory: "text",
  cores: "count",
  setup: "lines",
  options: "lines",
};

/** One line, which a script has as it is. */
const isLine = (value: unknown) =>
  typeof value === "string" && value !== "" && !/[\n\r]/.test(value);
/** A word of sbatch's: it stands in a comment of the script, where nothing is quoted. */
const isWord = (value: unknown) =>
  (typeof value === "string" && /^[\w.,:+@/=-]+$/.test(value)) ||
  (Number.isSafeInteger(value) && Number(value) > 0);

const fits = {
  count: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 1,
  text: isWord,
  lines: (value: unknown) => Array.isArray(value) && value.every(isLine),
} as const;

const expected = {
  count: "a whole number from 1",
  text: "a word, as sbatch takes it",
  lines: "a list of lines",
} as const;

/** Reads how a sweep is laid out on Slurm. @param problems is told what is wrong with it. */
export function parseSlurm(given: unknown, place: string, problems: string[]): SlurmSpec {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    problems.push(
      `${place}: expected { time: "2:00:00", cores: 4, runsPerTask: 20 }, received ${showValue(given)}`,
    );
    return {};
  }
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name as keyof SlurmSpec] : undefined;
    if (kind === undefined) {
      const guess = nearest(name, Object.keys(kinds));
      problems.push(
        `${place}: unknown option ${showValue(name)}. ${guess === undefined ? `Known: ${Object.keys(kinds).join(", ")}` : `Did you mean "${guess}"?`}`,
      );
    } else if (!fits[kind](value))
      problems.push(`${place}: ${name}: expected ${expected[kind]}, received ${showValue(value)}`);
  }
  return given as SlurmSpec;
}
