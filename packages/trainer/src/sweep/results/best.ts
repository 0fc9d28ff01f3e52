import { checkOptionNames, type OptionNames } from "@bioflax/core";
import { type Statistics, statistics } from "@bioflax/report";
import { describeSwept } from "../plan/run-name";
import type { Goal } from "../spec/goal";
import { type Comparison, comparisonOf } from "./metrics";
import { knownMetrics, readSweepResults, type SweepResults, type SweepRow } from "./read-results";

/** Runs of a sweep that differ in their seeds alone. */
export interface SweepGroup {
  /** Their values of what is swept, the seed apart. */
  readonly swept: Readonly<Record<string, unknown>>;
  readonly rows: readonly SweepRow[];
}

/** A group with its place among the others. */
export interface RankedGroup extends SweepGroup {
  /** What it is called: `lr 0.1, mode fa`. */
  readonly label: string;
  /** The metric over those of its runs that are done; undefined where none is. */
  readonly result?: Statistics;
  /** How many of its runs diverged. */
  readonly diverged: number;
}

/** Runs by what they differ in beside their seeds, in the order they come. */
function groupRows(rows: readonly SweepRow[]): readonly SweepGroup[] {
  const groups = new Map<string, { swept: SweepGroup["swept"]; rows: SweepRow[] }>();
  for (const row of rows) {
    const { seed: _seed, ...swept } = row.swept;
    const key = JSON.stringify(swept);
    const group = groups.get(key) ?? { swept, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What the best of a sweep are asked for by. */
export interface BestOptions {
  /** What is compared; the sweep's own, or else the first of validation and test accuracy and loss, when left out. */
  readonly metric?: string | undefined;
  /** Whether more or less of it is better; known of losses, accuracies and angles. */
  readonly goal?: Goal | undefined;
}

const optionNames: OptionNames<BestOptions> = { metric: true, goal: true };

/**
 * The groups of a sweep's runs that differ in their seeds alone, the best first: by the mean over the runs that are
 * done. A group of which a run diverged stands below all of which none did, and one of which no run is done last.
 *
 * @param results as {@link readSweepResults} gives them.
 * @throws BioflaxError for a metric that the runs have not.
 */
export function rankGroups(
  results: SweepResults,
  options: BestOptions = {},
): Comparison & { readonly groups: readonly RankedGroup[] } {
  const comparison = comparisonOf(
    {
      metric: options.metric ?? results.metric,
      // The sweep's own goal is that of its own metric.
      goal:
        options.goal ??
        (options.metric === undefined || options.metric === results.metric
          ? results.goal
          : undefined),
    },
    knownMetrics(results),
  );
  const { metric, goal } = comparison;
  const sign = goal === "min" ? 1 : -1;
  const groups = groupRows(results.rows).map((group): RankedGroup => {
    const done = group.rows.filter(({ status }) => status === "done");
    const result = statistics(done.map(({ metrics }) => metrics[metric]));
    return {
      ...group,
      label: describeSwept(group.swept) || "all runs",
      diverged: group.rows.filter(({ status }) => status === "diverged").length,
      ...(result && { result }),
    };
  });
  const place = ({ result }: RankedGroup) =>
    result === undefined ? Number.POSITIVE_INFINITY : sign * result.mean;
  const level = ({ result, diverged }: RankedGroup) =>
    result === undefined ? 2 : diverged > 0 ? 1 : 0;
  return {
    ...comparison,
    groups: groups.sort(
      (a, b) => level(a) - level(b) || (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0),
    ),
  };
}

/**
 * The groups of a sweep's runs, the best first: {@link rankGroups} of what is in its folder by now.
 *
 * @param path the sweep's folder.
 * @throws BioflaxError when it is none, or for a metric that the runs have not.
 * @example
 * const { groups } = await bestOfSweep("sweeps/rates", { metric: "val.accuracy" });
 * console.log(groups[0]?.label, groups[0]?.result);
 */
export async function bestOfSweep(path: string, options: BestOptions = {}) {
  checkOptionNames("bestOfSweep", options, optionNames);
  return rankGroups(await readSweepResults(path), options);
}
