import { lineMark } from "../charts/marks";
import { type Grouping, showSetting } from "../groups";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";

/** What groups of runs differ in, setting by setting. */
export function differences({ groups, differing }: Grouping): Html | undefined {
  if (differing.length === 0) return undefined;
  const configOf = (runs: readonly ReportedRun[]) => (runs[0] as ReportedRun).config;
  return html`<section aria-label="What the runs differ in"><h3>What the runs differ in</h3>
<div class="card wide fit" tabindex="0" role="group" aria-label="Table of differences"><table class="differences"><thead><tr><th scope="col"><span class="hidden">runs</span></th>${differing.map(({ flag }) => html`<th scope="col"><code>${flag}</code></th>`)}<th scope="col">seeds</th></tr></thead>
<tbody>${groups.map(
    ({ label, runs }, slot) =>
      html`<tr class="s${slot}"><th scope="row">${lineMark(slot)}${label}</th>${differing.map(({ key }) => html`<td>${showSetting(configOf(runs)[key])}</td>`)}<td>${seedsOf(runs)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

/** The seeds of some runs: `0, 1, 2`. */
export function seedsOf(runs: readonly ReportedRun[]): string {
  return runs
    .map(({ about }) => about.seed)
    .sort((a, b) => a - b)
    .join(", ");
}
