import { csvCell } from "../../base/csv";
import { shortValue } from "../plan/run-name";
import type { RankedGroup } from "./best";
import type { Comparison } from "./metrics";
import { knownMetrics, type SweepResults } from "./read-results";

/** A row of a table: the same names in each of its rows, and null where there is nothing. */
export type FlatRow = Readonly<Record<string, string | number | boolean | null>>;

/** A swept value in a cell: numbers and true or false as they are, lists as a text. */
const cellOf = (value: unknown): string | number | boolean | null =>
  typeof value === "number" || typeof value === "boolean"
    ? value
    : value === undefined
      ? null
      : shortValue(value);

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

const sweptCells = (keys: readonly string[], swept: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(keys.map((key) => [key, cellOf(swept[key])]));

/** The runs of a sweep as a table: what is swept, how each ended, and every metric. */
export function flatRuns(results: SweepResults): readonly FlatRow[] {
  const metrics = [...knownMetrics(results)];
  const keys = results.swept.map(({ key }) => key).filter((key) => key !== "seed");
  return results.rows.map((row) => ({
    run: row.name,
    status: row.status,
    ...sweptCells(keys, row.swept),
    seed: row.seed,
    epochs: row.epochs,
    plannedEpochs: row.plannedEpochs,
    ...Object.fromEntries(metrics.map((name) => [name, finite(row.metrics[name])])),
    seconds: finite(row.seconds),
    error: row.error ?? null,
  }));
}

/** Groups of runs as a table: what is swept, and mean, standard deviation and number of a metric. */
export function flatGroups(
  { metric, groups }: Comparison & { readonly groups: readonly RankedGroup[] },
  results: Pick<SweepResults, "swept">,
): readonly FlatRow[] {
  const keys = results.swept.map(({ key }) => key).filter((key) => key !== "seed");
  return groups.map(({ swept, result, diverged, rows }, i) => ({
    place: i + 1,
    ...sweptCells(keys, swept),
    metric,
    mean: finite(result?.mean),
    sd: finite(result?.sd),
    n: result?.n ?? 0,
    runs: rows.length,
    diverged,
  }));
}

/** Rows as CSV, with a line of titles. */
export function csvOf(rows: readonly FlatRow[]): string {
  const titles = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) =>
    titles
      .map((title) => {
        const value = row[title] ?? "";
        return csvCell(typeof value === "boolean" ? String(value) : value);
      })
      .join(","),
  );
  return `${[titles.map(csvCell).join(","), ...lines].join("\n")}\n`;
}

/** Rows as JSON, one a line. */
export const jsonLinesOf = (rows: readonly FlatRow[]): string =>
  rows.map((row) => `${JSON.stringify(row)}\n`).join("");
