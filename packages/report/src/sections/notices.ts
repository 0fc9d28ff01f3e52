import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { type Predictions, predictionsOf, type ReportedRun, statusOf } from "../reported-run";
import { statistics } from "../statistics";
import { predictedLabels } from "./confusion";
import { labelResults } from "./labels";

/** What a reader has to know before trusting the rest: runs that did not end well, predictions that are missing. */
export function notices(groups: readonly RunGroup[]): Html | undefined {
  const runs = groups.flatMap(({ runs }) => runs);
  const all = [
    ...runs.flatMap(endOf),
    ...runs.flatMap(warnedOf),
    ...groups.flatMap(repeatedSeeds),
    ...missingPredictions(runs),
    ...runs.flatMap(otherData),
  ];
  if (all.length === 0) return undefined;
  return html`<ul class="notices" aria-label="Notices">${all.map((notice) => html`<li>${notice}</li>`)}</ul>`;
}

function endOf(run: ReportedRun): Html[] {
  const status = statusOf(run);
  if (status === "done") return [];
  const { path, records, about, summary } = run;
  const how =
    status === "unfinished"
      ? "is still going on, or was killed"
      : status === "failed"
        ? "failed"
        : "was interrupted";
  const why = summary?.error !== undefined && `: ${summary.error}`;
  return [
    html`<code>${path}</code> ${how} after ${records.length} of ${about.epochs} epochs${why}`,
  ];
}

/** What a run was warned of. */
function warnedOf({ path, summary }: ReportedRun): Html[] {
  return (summary?.warnings ?? []).map((warning) => html`<code>${path}</code>: ${warning}`);
}

/** The same seed twice is the same run twice, and no second sample. */
function repeatedSeeds({ label, runs }: RunGroup): Html[] {
  const seeds = runs.map(({ about }) => about.seed);
  const repeated = [...new Set(seeds.filter((seed, i) => seeds.indexOf(seed) !== i))];
  if (repeated.length === 0) return [];
  return [
    html`${label === "" ? "There are" : `${label} has`} several runs with seed ${repeated.join(", ")}: they count as several, and make the standard deviation too small`,
  ];
}

function missingPredictions(runs: readonly ReportedRun[]): Html[] {
  const reasons = new Map<string, string[]>();
  for (const { path, predictions } of runs) {
    if (predictions === undefined || !("missing" in predictions)) continue;
    // A missing file is named once for each run; the reason is the same.
    const reason = predictions.missing.replaceAll(`${path}/`, "").replaceAll(path, "");
    reasons.set(reason, [...(reasons.get(reason) ?? []), path]);
  }
  return [...reasons].map(
    ([reason, paths]) =>
      html`No predictions of ${paths.length === runs.length ? (runs.length === 1 ? "the run" : "the runs") : paths.map((path, i) => html`${i > 0 && ", "}<code>${path}</code>`)}: ${reason}`,
  );
}

/** How far a rounding of the other engine may move a test accuracy. */
const TOLERANCE = 0.005;

/** The accuracy of some predictions: of classes, or of labels. */
function accuracyOf(predictions: Predictions): number {
  if (predictions.dataset.task === "multi-label")
    return statistics(labelResults(predictions).map(({ accuracy }) => accuracy))?.mean as number;
  const labels = predictions.dataset.targets;
  const right = predictedLabels(predictions).filter((label, row) => label === labels[row]).length;
  return right / labels.length;
}

/** A done run whose weights do not predict as well as it says was trained on other data than is here. */
function otherData(run: ReportedRun): Html[] {
  const predictions = predictionsOf(run);
  const recorded = run.records.at(-1)?.test.accuracy;
  if (predictions === undefined || recorded === undefined || statusOf(run) !== "done") return [];
  if (run.about.task === "regression") return [];
  const accuracy = accuracyOf(predictions);
  if (!(Math.abs(accuracy - recorded) > TOLERANCE)) return [];
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return [
    html`<code>${run.path}</code> recorded a test accuracy of ${percent(recorded)}, but its final weights reach ${percent(accuracy)} here: the test set is another one`,
  ];
}
