import type { Config } from "../../../trainer/src/config/schema";
import { settingGroups, settings } from "../../../trainer/src/config/settings";
import { commandLine, isChanged } from "../command-line";
import { type RunGroup, showSetting } from "../groups";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { seedsOf } from "./differences";

/** All settings of each group of runs, folded away. */
export function allSettings(groups: readonly RunGroup[]): Html {
  return html`<section aria-label="Settings"><h3>Settings</h3>
${groups.map(({ label, runs }) => {
  const { config } = runs[0] as ReportedRun;
  const seeds = runs.length > 1 && ` (seeds ${seedsOf(runs)})`;
  return html`<details class="card"><summary>${label === "" ? "All settings" : `Settings of ${label}`}${seeds}</summary>
${commandOf(config)}<p class="soft">What is not bioflax’s default is bold.</p><div class="grid">${tables(config)}</div></details>`;
})}</section>`;
}

/** The command that makes a run again. */
export function commandOf(config: Config): Html {
  return html`<p class="command"><code>${commandLine(config).map((part) => html`<span>${part}</span> `)}</code></p>`;
}

function tables(config: Config): Html[] {
  const given = config as Readonly<Record<string, unknown>>;
  return settingGroups.flatMap((group) => {
    const rows = settings
      .filter((setting) => setting.group === group && given[setting.key] !== undefined)
      .map(({ key, flag, default: byDefault }) => {
        const changed = isChanged(given[key], byDefault);
        return html`<tr${changed && html` class="changed"`}><th scope="row"><code>${flag}</code></th><td>${showSetting(given[key])}</td></tr>`;
      });
    return rows.length === 0
      ? []
      : [html`<div><h4>${group}</h4><table class="settings"><tbody>${rows}</tbody></table></div>`];
  });
}
