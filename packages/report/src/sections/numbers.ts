import type { EpochRecord } from "@bioflax/runs";
import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { epochsOf, type Read } from "../lines";
import { meanAndSd, statistics } from "../statistics";

/** As many epochs as a table has rows. */
const MOST_ROWS = 50;

/** The numbers behind the curves, a table for each group, folded away. */
export function numbers(groups: readonly RunGroup[]): Html | undefined {
  const tables = groups.flatMap(({ label, runs }) => {
    const longest = Math.max(...runs.map(({ records }) => records.length));
    if (longest === 0) return [];
    const epochs = epochsOf(runs, MOST_ROWS);
    const columns = columnsOf(runs.flatMap(({ records }) => records));
    const what =
      epochs.length === longest ? "Every epoch" : `${epochs.length} of ${longest} epochs`;
    const of = label === "" ? "" : ` of ${label}`;
    const how = runs.length === 1 ? "" : `, mean ± standard deviation of ${runs.length} runs`;
    return [
      html`<details class="card"><summary>${what}${of} as a table${how}</summary><div class="wide" tabindex="0" role="group" aria-label="Table of numbers"><table class="numbers">
<thead><tr><th scope="col">epoch</th>${columns.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${epochs.map((epoch) => html`<tr><th scope="row">${epoch}</th>${columns.map(([, read]) => html`<td>${cell(runs, epoch, read)}</td>`)}</tr>`)}</tbody>
</table></div></details>`,
    ];
  });
  if (tables.length === 0) return undefined;
  return html`<section aria-label="Numbers"><h3>Numbers</h3>${tables}</section>`;
}

function cell(runs: RunGroup["runs"], epoch: number, read: Read): string {
  const values = runs.map(({ records }) => {
    const record = records[epoch - 1];
    return record && read(record);
  });
  return meanAndSd(statistics(values), (value) => String(Number(value.toPrecision(5))));
}

function columnsOf(records: readonly EpochRecord[]): [string, Read][] {
  const names = new Set(records.flatMap(({ alignment = {} }) => Object.keys(alignment)));
  const columns: [string, Read][] = [
    ["learning rate", ({ learningRate }) => learningRate],
    ["train loss", ({ train }) => train.loss],
    ["val loss", ({ val }) => val?.loss],
    ["val accuracy", ({ val }) => val?.accuracy],
    ["test loss", ({ test }) => test.loss],
    ["test accuracy", ({ test }) => test.accuracy],
    ["test exact match", ({ test }) => test.exactMatch],
    ["test R²", ({ test }) => test.r2],
    ...[...names].map((name): [string, Read] => [name, ({ alignment }) => alignment?.[name]]),
  ];
  return columns.filter(([, read]) => records.some((record) => read(record) !== undefined));
}
