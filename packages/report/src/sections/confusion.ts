import { classOf } from "@bioflax/metrics";
import { lineMark } from "../charts/marks";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { type Predictions, predictionsOf, type TestSet } from "../reported-run";

/** Numbers of more classes than this have no room in the cells. */
const MOST_NUMBERED = 12;
/** Of more than this, a matrix has a row of the page for itself, and smaller cells. */
const MOST_BESIDE = 24;

/** The class each row's outputs are largest for. */
export function predictedLabels({ dataset, outputs, threshold }: Predictions): Int32Array {
  const { outputs: classes } = dataset;
  return Int32Array.from({ length: outputs.length / classes }, (_, row) =>
    classOf(outputs.subarray(row * classes, (row + 1) * classes), threshold),
  );
}

/** How many classes a network with so many outputs tells apart: a single one tells class 1 from class 0. */
function classCount({ outputs }: TestSet): number {
  return outputs === 1 ? 2 : outputs;
}

/** How often each class was taken for each: counts [true · classes + predicted], the sum over some runs. */
function confusionCounts(all: readonly Predictions[], classes: number): Float64Array {
  const counts = new Float64Array(classes * classes);
  for (const predictions of all) {
    const labels = predictions.dataset.targets;
    predictedLabels(predictions).forEach((predicted, row) => {
      counts[(labels[row] as number) * classes + predicted]! += 1;
    });
  }
  return counts;
}

/** What is taken for what: a matrix for each group, the sum over its seeds. */
export function confusion(groups: readonly RunGroup[]): Html | undefined {
  const matrices = groups.flatMap((group, slot) => {
    const all = group.runs.flatMap((run) => predictionsOf(run) ?? []);
    const [first] = all;
    if (first === undefined || first.dataset.task !== "classification") return [];
    const counts = confusionCounts(all, classCount(first.dataset));
    return [{ label: group.label, slot, counts, dataset: first.dataset, runs: all.length }];
  });
  if (matrices.length === 0) return undefined;
  const most = Math.max(...matrices.flatMap(({ counts, dataset }) => errorShares(counts, dataset)));
  return html`<section aria-label="Confusion"><h3>Which classes are taken for which</h3>
<p class="soft">Per cent of a true class (row) that the final weights give a label (column)${matrices.some(({ runs }) => runs > 1) && ", over all seeds"}; a row adds up to 100. Errors are coloured up to ${shownShare(most)} %.</p>
<div class="matrices${matrices.some(({ dataset }) => hasLongNames(dataset)) && " named"}${matrices.some(({ dataset }) => hasMany(dataset)) && " many"}">${matrices.map((matrix) => matrixOf(matrix, most, groups.length > 1))}</div></section>`;
}

const hasMany = ({ outputs }: TestSet) => outputs > MOST_BESIDE;
const hasLongNames = ({ classNames = [] }: TestSet) => classNames.some(({ length }) => length > 2);

/** Shares of each true class, in per cent. */
function shares(counts: Float64Array, classes: number): number[] {
  return [...counts].map((count, cell) => {
    const row = Math.floor(cell / classes);
    const total = counts
      .subarray(row * classes, (row + 1) * classes)
      .reduce((sum, value) => sum + value, 0);
    return total === 0 ? 0 : (100 * count) / total;
  });
}

const isRight = (cell: number, classes: number) => Math.floor(cell / classes) === cell % classes;

function errorShares(counts: Float64Array, dataset: TestSet): number[] {
  const classes = classCount(dataset);
  return shares(counts, classes).filter((_, cell) => !isRight(cell, classes));
}

const shownShare = (share: number) => (share >= 10 ? share.toFixed(0) : share.toFixed(1));

function matrixOf(
  {
    label,
    slot,
    counts,
    dataset,
    runs,
  }: {
    label: string;
    slot: number;
    counts: Float64Array;
    dataset: TestSet;
    runs: number;
  },
  most: number,
  several: boolean,
): Html {
  const classes = classCount(dataset);
  const nameOf = (index: number) => dataset.classNames?.[index] ?? String(index);
  const all = Array.from({ length: classes }, (_, index) => index);
  const part = shares(counts, classes);
  const cell = (row: number, column: number) => {
    const at = row * classes + column;
    const share = part[at] as number;
    const right = row === column;
    // Few errors are to be seen beside many: their colour grows with the root.
    const strength = right ? share / 100 : Math.sqrt(share / (most || 1));
    const text = share === 0 || classes > MOST_NUMBERED ? "" : cellText(share);
    const how = (counts[at] as number) / runs;
    // What never happened needs no words where there are thousands of cells.
    if (share === 0 && hasMany(dataset)) return html`<td></td>`;
    const title = `${nameOf(row)} taken for ${nameOf(column)}: ${Number(how.toFixed(1))}${runs > 1 ? " a run" : ""}`;
    return html`<td class="${right ? "hit" : "miss"}${strength > 0.62 && " strong"}" style="--v:${Math.round(strength * 100)}%" title="${title}">${text}</td>`;
  };
  const accuracy =
    (100 * all.reduce((sum, index) => sum + (counts[index * classes + index] as number), 0)) /
    counts.reduce((sum, count) => sum + count, 0);
  return html`<figure class="card s${slot}"><figcaption><h4>${several && lineMark(slot)}${several ? label : "Test set"} <small class="soft">${accuracy.toFixed(2)} % right${runs > 1 && `, ${runs} runs`}</small></h4></figcaption>
<table class="matrix${hasLongNames(dataset) && " named"}${hasMany(dataset) && " many"}" aria-label="Confusion matrix${several && ` of ${label}`}"><thead><tr><td></td>${all.map((column) => html`<th scope="col"><span>${nameOf(column)}</span></th>`)}</tr></thead>
<tbody>${all.map((row) => html`<tr><th scope="row">${nameOf(row)}</th>${all.map((column) => cell(row, column))}</tr>`)}</tbody></table></figure>`;
}

/** `98`, `1.2`, `.3`: as much as fits into a cell. */
function cellText(share: number): string {
  if (share >= 9.95) return share.toFixed(0);
  return share < 0.05 ? "·" : share.toFixed(1).replace(/^0/, "");
}
