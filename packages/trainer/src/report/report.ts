import { dirname, resolve } from "node:path";
import { BioflaxError, checkOptionNames, type OptionNames } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import { makeFolder } from "@bioflax/datasets/node";
import type { ReportedRun } from "@bioflax/report";
import { writeAtomically, writingFailed } from "@bioflax/runs/node";
import type { Engine } from "../engines/engine";
import { type ResolvedRun, readResolvedRun } from "../stored/run-config";
import { TestSets, withPredictions, withPredictionsOf } from "./predict-again";
import { pageOf } from "./reported-run";

/** Where a report goes, and what it is called. */
export interface ReportOptions {
  /** The file; one that is there is replaced, and a folder that is not there is made. `report.html` when left out. */
  readonly out?: string;
  /** Its title; says what was trained on what when left out. */
  readonly title?: string;
  /** Told of each run before its predictions are made. */
  readonly onRun?: (path: string) => void;
}

const optionNames: OptionNames<ReportOptions> = { out: true, title: true, onRun: true };

/**
 * Writes a page about one or several runs: what they differ in, results, curves, alignment, predictions, settings.
 *
 * Runs with the same settings but for their seeds are shown together, as mean ± standard deviation. The page needs
 * nothing but itself. Predictions are made anew from `final.safetensors`; nothing is downloaded for them, and where
 * they cannot be had, the page says why.
 *
 * @param runs run folders, done or not; one that is given twice counts once.
 * @returns the path of the page.
 * @throws RunFolderError for a folder that is no run, or a run with a broken file; BioflaxError when no run is given or
 *   the page cannot be written. What was there before is then still there.
 * @example
 * await report(["runs/bp-0", "runs/bp-1", "runs/dfa-0", "runs/dfa-1"], { out: "bp-dfa.html" });
 */
export async function report(
  runs: readonly string[],
  options: ReportOptions = {},
): Promise<string> {
  checkOptionNames("report", options, optionNames);
  const { out = "report.html", title, onRun } = options;
  if (runs.length === 0)
    throw new BioflaxError("report: expected the folders of one or several runs, received none.");
  const paths = [...new Map(runs.map((path) => [resolve(path), path])).values()];
  // All are read before any predicts, one after the other: what is wrong is said at once, and of several faults the first.
  const stored: Awaited<ReturnType<typeof readResolvedRun>>[] = [];
  for (const path of paths) stored.push(await readResolvedRun(path));
  const testSets = new TestSets();
  const reported: ReportedRun[] = [];
  for (const run of stored) {
    onRun?.(run.path);
    reported.push(await withPredictions(run, testSets));
  }
  const folder = dirname(out);
  await makeFolder(folder).catch((error) => {
    throw writingFailed(folder, error);
  });
  await writeAtomically(out, pageOf(reported, title));
  return out;
}

/** The page of a run that has just been trained: the engine and the data set it was trained with are at hand. */
export async function pageOfTrained(
  run: ResolvedRun,
  engine: Pick<Engine, "predict">,
  dataset: Dataset,
): Promise<string> {
  return pageOf([await withPredictionsOf(run, engine, dataset)]);
}
