import type { Task } from "@bioflax/runs";
import { at, colour, lineMark, within } from "../charts/marks";
import { linearScale } from "../charts/scale";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { bestOf, type ReportedRun } from "../reported-run";
import { degrees, fewDigits, percent } from "../show";
import { interval, meanAndSd, statistics } from "../statistics";

/** A column of the table of results. */
export interface Column {
  readonly title: string;
  readonly read: (run: ReportedRun) => number | undefined;
  readonly show: (value: number) => string;
}

const share = (value: number | undefined) => (value === undefined ? undefined : value * 100);
const last = ({ records }: ReportedRun) => records.at(-1);
const plainPercent = (value: number) => value.toFixed(2);

const accuracyColumn: Column = {
  title: "test accuracy (%)",
  read: (run) => share(last(run)?.test.accuracy),
  show: plainPercent,
};

/** What groups are sorted by, and shown by run by run. */
export const score: { readonly [T in Task]: Column } = {
  classification: accuracyColumn,
  "multi-label": accuracyColumn,
  regression: { title: "test loss", read: (run) => last(run)?.test.loss, show: fewDigits },
};

const columns: readonly Column[] = [
  {
    title: "at the best epoch (%)",
    read: (run) => share(bestOf(run)?.test.accuracy),
    show: plainPercent,
  },
  {
    title: "all labels right (%)",
    read: (run) => share(last(run)?.test.exactMatch),
    show: plainPercent,
  },
  { title: "test R²", read: (run) => last(run)?.test.r2, show: (value) => value.toFixed(4) },
  { title: "validation (%)", read: (run) => share(last(run)?.val?.accuracy), show: plainPercent },
  { title: "test loss", read: (run) => last(run)?.test.loss, show: fewDigits },
  { title: "training loss", read: (run) => last(run)?.train.loss, show: fewDigits },
  { title: "gradient angle", read: (run) => last(run)?.alignment?.gradientAngle, show: degrees },
  {
    title: "s an epoch",
    read: ({ records }) => statistics(records.map(({ timing }) => timing.trainSeconds))?.mean,
    show: (value) => value.toPrecision(2),
  },
];

/** Groups by their results after the last epoch, the best first; those without any come last. */
export function byResult(groups: readonly RunGroup[]): RunGroup[] {
  const scored = groups.map((group) => {
    const [first] = group.runs as [ReportedRun];
    const sign = first.about.task === "regression" ? 1 : -1;
    const result = statistics(group.runs.map(score[first.about.task].read));
    return { group, place: result === undefined ? Number.POSITIVE_INFINITY : sign * result.mean };
  });
  return scored
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ group }) => group);
}

/** The results of groups of runs: mean ± standard deviation, and every run as a dot. */
export function resultsTable(groups: readonly RunGroup[]): Html {
  const runs = groups.flatMap(({ runs }) => runs);
  const main = score[(runs[0] as ReportedRun).about.task];
  const shown = columns.filter(
    (column) =>
      column.title !== main.title && runs.some((run) => Number.isFinite(column.read(run))),
  );
  const values = runs.map(main.read).filter((value) => Number.isFinite(value)) as number[];
  const numbers = (group: RunGroup, { read, show }: Column) =>
    meanAndSd(statistics(group.runs.map(read)), show);
  const reachOf = ({ runs }: RunGroup) => {
    const result = statistics(runs.map(main.read));
    return (result && interval(result)?.map(main.show).join(" to ")) ?? "–";
  };
  return html`<section aria-label="Results"><h3>Results</h3>
<p class="soft">After the last epoch, mean ± standard deviation over seeds${runs.some(({ records }) => records[0]?.val) && "; the best epoch is the best by validation"}. n is the number of runs, and each of them a dot; the bar is the mean’s 95 % interval, Student’s t over these n: of two runs nine standard deviations on each side, of twenty half of one.</p>
<div class="card wide" tabindex="0" role="group" aria-label="Table of results"><table class="results"><thead><tr><th scope="col"><span class="hidden">runs</span></th><th scope="col">n</th><th scope="col">${main.title}</th><td class="strip">${values.length > 0 && strip([], values, 0)}</td><th scope="col">95 % interval</th>${shown.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${groups.map(
    (group, slot) =>
      html`<tr class="s${slot}"><th scope="row">${lineMark(slot)}${group.label}</th><td>${group.runs.length}</td><td class="main">${numbers(group, main)}</td><td class="strip">${values.length > 0 && strip(group.runs.map(main.read), values, slot, main.show)}</td><td>${reachOf(group)}</td>${shown.map((column) => html`<td>${numbers(group, column)}</td>`)}</tr>`,
  )}</tbody></table></div></section>`;
}

const WIDTH = 170;

/** Values as dots on a line, the mean as a stroke, its interval as a bar; without values, the axis with its ends. */
export function strip(
  values: readonly (number | undefined)[],
  all: readonly number[],
  slot: number,
  show: (value: number) => string = String,
): Html {
  const x = linearScale(all, [8, WIDTH - 8]);
  if (values.length === 0) {
    const [first, end] = [x.ticks[0], x.ticks.at(-1)];
    return html`<svg viewBox="0 0 ${WIDTH} 20" aria-hidden="true"><text x="2" y="15">${first}</text><text x="${WIDTH - 2}" y="15" text-anchor="end">${end}</text></svg>`;
  }
  const result = statistics(values);
  const mean = result?.mean;
  const reach = (result && interval(result))?.map((end) =>
    at(within([2, WIDTH - 2], x.place(end))),
  );
  const dots = values
    .filter((value) => Number.isFinite(value))
    .map(
      (value) =>
        html`<circle cx="${at(x.place(value as number))}" cy="10" r="3.6" fill="${colour(slot)}"><title>${show(value as number)}</title></circle>`,
    );
  return html`<svg viewBox="0 0 ${WIDTH} 20" aria-hidden="true">${x.ticks.map((tick) => html`<path class="gridline" d="M${at(x.place(tick))} 0V20"/>`)}<path class="gridline" d="M8 10H${WIDTH - 8}"/>${reach && html`<path class="interval" stroke="${colour(slot)}" d="M${reach[0]} 10H${reach[1]}"/>`}${mean !== undefined && html`<path class="mean" stroke="${colour(slot)}" d="M${at(x.place(mean))} 2V18"/>`}${dots}</svg>`;
}

/** The main figures of one run. */
export function keyFigures(run: ReportedRun): Html | undefined {
  const { records, about } = run;
  const [end, best] = [last(run), bestOf(run)];
  if (end === undefined || best === undefined) return undefined;
  const [accuracy, exactMatch] = [share(end.test.accuracy), share(end.test.exactMatch)];
  const figures: [string, string | undefined][] = [
    ["Test accuracy", accuracy === undefined ? undefined : percent(accuracy)],
    ["All labels right", exactMatch === undefined ? undefined : percent(exactMatch)],
    ["Test loss", finite(end.test.loss, fewDigits)],
    ["Training loss", finite(end.train.loss, fewDigits)],
    [
      "Epochs",
      records.length < about.epochs
        ? `${records.length} of ${about.epochs}`
        : String(records.length),
    ],
    ["Best epoch", String(best.epoch)],
    ["Gradient angle", finite(end.alignment?.gradientAngle, degrees, "not defined")],
    ["Signal angle", finite(end.alignment?.signalAngle, degrees, "not defined")],
  ];
  return html`<dl class="figures">${figures
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** A measurement as text, or what is said of one that is not finite; undefined where none was made. */
function finite(
  value: number | undefined,
  show: (value: number) => string,
  otherwise = "not finite",
): string | undefined {
  if (value === undefined) return undefined;
  return Number.isFinite(value) ? show(value) : otherwise;
}
