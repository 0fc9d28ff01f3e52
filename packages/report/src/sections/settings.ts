import type { ConfigRecord } from "@bioflax/runs";
import { commandLine, isChanged } from "../command-line";
import { type RunGroup, showSetting } from "../groups";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import type { ReportedSetting } from "../setting";
import { seedsOf } from "./differences";

/** All settings of each group of runs, folded away. */
export function allSettings(groups: readonly RunGroup[], known: readonly ReportedSetting[]): Html {
  return html`<section aria-label="Settings"><h3>Settings</h3>
${groups.map(({ label, runs }) => {
  const { config } = runs[0] as ReportedRun;
  const seeds = runs.length > 1 && ` (seeds ${seedsOf(runs)})`;
  return html`<details class="card"><summary>${label === "" ? "All settings" : `Settings of ${label}`}${seeds}</summary>
${commandOf(config, known)}<p class="soft">What is not bioflax’s default is bold.</p><div class="grid">${tables(config, known)}</div></details>`;
})}</section>`;
}

/** The command that makes a run again. */
export function commandOf(config: ConfigRecord, known: readonly ReportedSetting[]): Html {
  return html`<p class="command"><code>${commandLine(config, known).map((part) => html`<span>${part}</span> `)}</code></p>`;
}

function tables(config: ConfigRecord, known: readonly ReportedSetting[]): Html[] {
  const headings = [...new Set(known.map(({ group }) => group))];
  return headings.flatMap((group) => {
    const rows = known
      .filter((setting) => setting.group === group && config[setting.key] !== undefined)
      .map(({ key, flag, default: byDefault }) => {
        const changed = isChanged(config[key], byDefault);
        return html`<tr${changed && html` class="changed"`}><th scope="row"><code>${flag}</code></th><td>${showSetting(config[key])}</td></tr>`;
      });
    return rows.length === 0
      ? []
      : [html`<div><h4>${group}</h4><table class="settings"><tbody>${rows}</tbody></table></div>`];
  });
}
