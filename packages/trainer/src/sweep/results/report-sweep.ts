import { dirname, join } from "node:path";
import { BioflaxError, checkOptionNames, type OptionNames } from "@bioflax/core";
import { makeFolder } from "@bioflax/datasets/node";
import { writeAtomically, writingFailed } from "@bioflax/runs/node";
import { pageOf, reportedRun } from "../../report/reported-run";
import { readResolvedRun } from "../../stored/run-config";
import { type BestOptions, rankGroups } from "./best";
import { readSweepResults } from "./read-results";

/** Where a sweep's page goes, and what it compares. */
export interface SweepReportOptions extends BestOptions {
  /** The file; `report.html` in the sweep's folder when left out. */
  readonly out?: string | undefined;
  /** Its title; the sweep's name when left out. */
  readonly title?: string | undefined;
}

const optionNames: OptionNames<SweepReportOptions> = {
  metric: true,
  goal: true,
  out: true,
  title: true,
};

/**
 * Writes a page about a sweep: a table of its settings, the best first, as mean ± standard deviation over seeds, the
 * metric over each swept setting, and the curves of the best.
 *
 * @param path the sweep's folder; it may be going on.
 * @returns the path of the page.
 * @throws BioflaxError for a folder that holds no sweep or none of whose runs has completed an epoch, a metric that the
 *   runs have not, and a page that cannot be written.
 * @example
 * await reportSweep("sweeps/rates", { metric: "val.accuracy", out: "rates.html" });
 */
export async function reportSweep(path: string, options: SweepReportOptions = {}): Promise<string> {
  checkOptionNames("reportSweep", options, optionNames);
  const results = await readSweepResults(path);
  const { metric, goal } = rankGroups(results, options);
  const shown = results.rows.filter(
    ({ records, status }) => records.length > 0 || status === "diverged",
  );
  const rows = new Map(shown.map((row) => [row.path, row]));
  const runs = [];
  for (const row of shown) runs.push(reportedRun(await readResolvedRun(row.path)));
  if (runs.length === 0)
    throw new BioflaxError(`${path}: expected runs that have begun, received none.`);
  const page = pageOf(runs, options.title ?? results.name, {
    swept: results.swept.filter(({ key }) => key !== "seed"),
    metric,
    goal,
    read: (run) => {
      const row = rows.get(run.path);
      return row?.status === "done" ? row.metrics[metric] : undefined;
    },
    valueOf: (run, key) => rows.get(run.path)?.swept[key],
  });
  const out = options.out ?? join(path, "report.html");
  const folder = dirname(out);
  await makeFolder(folder).catch((error) => {
    throw writingFailed(folder, error);
  });
  await writeAtomically(out, page);
  return out;
}
