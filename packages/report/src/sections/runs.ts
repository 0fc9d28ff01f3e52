import type { RunGroup } from "../groups";
import { type Html, html } from "../html";
import { statusOf } from "../reported-run";

/** Where each run is, how it ended and what it ran on, folded away. */
export function runsTable(groups: readonly RunGroup[]): Html {
  const runs = groups.flatMap(({ label, runs }) => runs.map((run) => ({ label, run })));
  const several = groups.length > 1;
  const rows = runs.map(({ label, run }) => {
    const { path, about, records, summary } = run;
    const ranOn =
      summary === undefined
        ? [about.engine, "–", "–", "–", "–"]
        : [
            summary.engine,
            summary.device,
            summary.threads,
            `${summary.timing.totalSeconds.toFixed(1)} s`,
            Object.entries(summary.versions)
              .map(([name, version]) => `${name} ${version}`)
              .join(", "),
          ];
    return html`<tr><th scope="row"><code>${path}</code></th>${several && html`<td>${label}</td>`}<td>${about.seed}</td><td>${statusOf(run)}</td><td>${records.length} of ${about.epochs}</td>${ranOn.map((value) => html`<td>${value}</td>`)}</tr>`;
  });
  const titles = [
    "folder",
    ...(several ? ["runs"] : []),
    ..."seed,ended,epochs,engine,device,threads,took,versions".split(","),
  ];
  return html`<section aria-label="Runs"><h3>Runs</h3><details class="card"><summary>${runs.length === 1 ? "Where the run is, and what it ran on" : `The ${runs.length} runs: where they are, and what they ran on`}</summary>
<div class="wide" tabindex="0" role="group" aria-label="Table of runs"><table class="runs"><thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details></section>`;
}
