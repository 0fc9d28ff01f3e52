import { printable } from "@bioflax/core";
import { type BestOptions, rankGroups } from "../../sweep/results/best";
import {
  csvOf,
  type FlatRow,
  flatGroups,
  flatRuns,
  jsonLinesOf,
} from "../../sweep/results/flat-rows";
import { comparisonOf } from "../../sweep/results/metrics";
import {
  knownMetrics,
  readSweepResults,
  type SweepResults,
} from "../../sweep/results/read-results";
import { submittedJob } from "../../sweep/slurm/submit";
import { taskStates } from "../../sweep/slurm/task-states";
import { firstSentence, runCount } from "../format";
import { textTable } from "../text-table";

/** How a table is printed. */
type Format = "text" | "csv" | "jsonl";

const formatted = (rows: readonly FlatRow[], format: Exclude<Format, "text">) =>
  format === "csv" ? csvOf(rows) : jsonLinesOf(rows);

/** Five digits that count. */
const short = (value: number | undefined) =>
  value === undefined || !Number.isFinite(value) ? "–" : String(Number(value.toPrecision(5)));

/** What the runs are compared by, where they have measured anything yet. */
function metricOf(results: SweepResults): string | undefined {
  const known = knownMetrics(results);
  if (known.size === 0) return undefined;
  try {
    return comparisonOf(results, known).metric;
  } catch {
    // A sweep that is to be compared by what its first runs have not come to has no such column yet.
    return undefined;
  }
}

/** What has come of each run of a sweep, and how many there are of each kind. */
export async function printStatus(folder: string, format: Format): Promise<string> {
  const results = await readSweepResults(folder);
  if (format !== "text") return formatted(flatRuns(results), format);
  const metric = metricOf(results);
  const rows = results.rows.map(({ name, status, epochs, plannedEpochs, metrics, error }) => [
    name,
    status,
    `${epochs}/${plannedEpochs}`,
    ...(metric === undefined ? [] : [short(metrics[metric])]),
    printable(firstSentence(error ?? "")),
  ]);
  const counts = new Map<string, number>();
  for (const { status } of results.rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  const told = [...counts].map(([status, number]) => `${number} ${status}`).join(", ");
  const titles = ["run", "status", "epochs", ...(metric === undefined ? [] : [metric]), ""];
  return `${textTable(titles, rows)}\n${results.name}: ${runCount(results.rows.length)}: ${told}\n${await slurmTasks(folder)}`;
}

/** What Slurm says of a sweep's tasks; nothing where it was not submitted. */
async function slurmTasks(folder: string): Promise<string> {
  const submitted = await submittedJob(folder);
  if (submitted === undefined) return "";
  const { job, tasks } = submitted;
  const states = await taskStates(job);
  if (states === undefined)
    return `Slurm's job ${job}, ${tasks} tasks: neither sacct nor scontrol tells of it any more\n`;
  const byState = new Map<string, number[]>();
  for (const { task, state } of states) byState.set(state, [...(byState.get(state) ?? []), task]);
  const told = [...byState].map(
    ([state, some]) =>
      `${some.length} ${state}${state === "COMPLETED" ? "" : ` (${some.join(", ")})`}`,
  );
  return `Slurm's job ${job}, ${tasks} tasks: ${told.join(", ")}\n`;
}

/** The settings of a sweep, the best first. @param options.top how many; all when left out. */
export async function printBest(
  folder: string,
  options: BestOptions & { readonly top?: number },
  format: Format,
): Promise<string> {
  const results = await readSweepResults(folder);
  const ranked = rankGroups(results, options);
  const groups = ranked.groups.slice(0, options.top);
  if (format !== "text") return formatted(flatGroups({ ...ranked, groups }, results), format);
  const rows = groups.map(({ label, result, rows: runs, diverged }, i) => [
    String(i + 1),
    label,
    short(result?.mean),
    result?.sd === undefined ? "–" : short(Number(result.sd.toPrecision(2))),
    `${result?.n ?? 0}${(result?.n ?? 0) === runs.length ? "" : ` of ${runs.length}`}`,
    diverged > 0 ? `${diverged} diverged` : "",
  ]);
  return textTable(["", "settings", ranked.metric, "± sd", "n", ""], rows);
}
