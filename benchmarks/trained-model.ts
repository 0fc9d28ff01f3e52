import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ContenderSetup, startGroup } from "./contender";
import { mnistFolder } from "./mnist-folder";
import { repositoryPath, table } from "./page";
import type { PythonProgram } from "./python";
import { type Spread, showSpread, spread } from "./statistics";

/** What one run from the command to the trained network came to. */
interface Run {
  readonly seconds: number;
  readonly secondsToFirstStep: number;
  /** The most memory it held; undefined where the system does not tell. */
  readonly megabytes?: number;
  readonly testAccuracy: number;
}

/** Several runs of one program. */
export interface TrainedModel {
  readonly name: string;
  readonly seconds: Spread;
  readonly secondsToFirstStep: Spread;
  readonly megabytes?: Spread;
  readonly testAccuracy: Spread;
}

/** A line that a program prints, and when. */
interface Line {
  readonly value: Record<string, unknown>;
  readonly seconds: number;
}

/** How often memory is looked at; what Linux tells is the most so far, so only the last moments can be missed. */
const LOOK_MS = 20;

/** Runs a command to its end. @returns the lines of JSON on its standard output, its time and its memory. */
async function watch(command: Omit<ContenderSetup, "name">) {
  const start = performance.now();
  const child = startGroup(command);
  let said = "";
  child.stderr?.on("data", (chunk) => {
    said = (said + chunk).slice(-2000);
  });
  let kilobytes: number | undefined;
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      kilobytes = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? kilobytes);
    } catch {
      // Not Linux, or it has just ended.
    }
  }, LOOK_MS);
  const seconds = () => (performance.now() - start) / 1000;
  const lines: Line[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
    if (line.startsWith("{")) lines.push({ value: JSON.parse(line), seconds: seconds() });
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code !== 0) throw new Error(said.trim().split("\n").at(-1) || `it ended with ${code}`);
    const megabytes = kilobytes === undefined ? {} : { megabytes: kilobytes / 1000 };
    return { lines, seconds: seconds(), ...megabytes };
  } finally {
    clearInterval(look);
  }
}

/** What a run says of itself at its end. */
interface RunSummary {
  readonly timing: { readonly secondsToFirstStep: number };
  readonly throughput: { readonly examplesPerSecond: number };
  readonly test: { readonly accuracy: number };
}

/** `bioflax train` as it is: its defaults are those of bioflax for Python. */
async function ours(): Promise<Run> {
  const { summary, ...run } = await defaultRun();
  const { secondsToFirstStep } = summary.timing;
  return { ...run, secondsToFirstStep, testAccuracy: summary.test.accuracy };
}

/** So many default runs, begun together. @returns how many examples each trained on in a second. */
export async function runsAtOnce(count: number): Promise<number[]> {
  const runs = await Promise.all(Array.from({ length: count }, defaultRun));
  return runs.map(({ summary }) => summary.throughput.examplesPerSecond);
}

async function defaultRun() {
  const folder = mkdtempSync(join(tmpdir(), "bioflax-bench-"));
  try {
    const cli = repositoryPath("packages/trainer/dist/cli.js");
    const args = [cli, "train", "--out", join(folder, "run"), "--quiet", "--json"];
    const { lines, ...run } = await watch({ command: process.execPath, args });
    return { ...run, summary: lines.at(-1)?.value as unknown as RunSummary };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function theirs(python: PythonProgram): Promise<Run> {
  const { lines, ...run } = await watch(python("pipeline.py", "--mnist", mnistFolder()));
  const [first, last] = [lines[0] as Line, lines.at(-1) as Line];
  const testAccuracy = last.value.testAccuracy as number;
  return { ...run, secondsToFirstStep: first.seconds, testAccuracy };
}

/** Runs bioflax's default run, five epochs of MNIST, by both, in turn. */
export async function trainModels(
  python: PythonProgram | undefined,
  repeats: number,
): Promise<{ models: TrainedModel[]; timesAsFast?: Spread }> {
  const programs = new Map([
    ["`bioflax train`", ours],
    ...(python ? [["bioflax for Python's pipeline", () => theirs(python)] as const] : []),
  ]);
  const runs = new Map([...programs.keys()].map((name) => [name, [] as Run[]]));
  for (let repeat = 0; repeat < repeats; repeat++)
    for (const [name, run] of programs)
      try {
        runs.get(name)?.push(await run());
      } catch (error) {
        process.stderr.write(`${name} to a trained model: ${(error as Error).message}\n`);
        programs.delete(name);
        runs.delete(name);
      }
  const models = [...runs].map(([name, all]) => summaryOf(name, all));
  const [own = [], other = []] = [...runs.values()];
  const ratios = other.map(({ seconds }, i) => seconds / (own[i] as Run).seconds);
  return { models, ...(ratios.length > 0 && { timesAsFast: spread(ratios) }) };
}

function summaryOf(name: string, runs: readonly Run[]): TrainedModel {
  const of = (key: keyof Run) => spread(runs.map((run) => run[key] as number));
  return {
    name,
    seconds: of("seconds"),
    secondsToFirstStep: of("secondsToFirstStep"),
    ...(runs.every(({ megabytes }) => megabytes !== undefined) && { megabytes: of("megabytes") }),
    testAccuracy: of("testAccuracy"),
  };
}

/** Both as a table in Markdown. */
export function trainedTable({ models, timesAsFast }: Awaited<ReturnType<typeof trainModels>>) {
  const rows = models.map(({ name, seconds, secondsToFirstStep, megabytes, testAccuracy }) => [
    name,
    showSpread(seconds, 1),
    showSpread(secondsToFirstStep, 2),
    megabytes ? showSpread(megabytes, 0) : "–",
    `${(100 * testAccuracy.median).toFixed(1)} %`,
  ]);
  const head = ["", "seconds in all", "to the first step", "peak memory, MB", "test accuracy"];
  const ratio = timesAsFast && `Times as fast, run by run: ${showSpread(timesAsFast, 2)}.\n`;
  return `${table(head, rows)}\n${ratio ? `\n${ratio}` : ""}`;
}
