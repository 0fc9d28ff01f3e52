import { type SettingLine, settingChart } from "../charts/setting-chart";
import { type RunGroup, showSetting } from "../groups";
import { type Html, html } from "../html";
import type { ReportedRun } from "../reported-run";
import { fewDigits } from "../show";
import { statistics } from "../statistics";

/** What a page says of a sweep. */
export interface ReportedSweep {
  /** The settings that its runs differ in, beside their seeds. */
  readonly swept: readonly {
    readonly key: string;
    readonly flag: string;
    /** Whether its values are spread over powers of ten. */
    readonly log: boolean;
  }[];
  /** What runs are compared by. */
  readonly metric: string;
  readonly goal: "min" | "max";
  /** The metric of a run; undefined of one that is not to be compared. */
  readonly read: (run: ReportedRun) => number | undefined;
  /** A run's value of a swept setting. */
  readonly valueOf: (run: ReportedRun, key: string) => unknown;
}

/** Groups by the sweep's metric, the best first; those without any come last. */
export function bySweep(
  groups: readonly RunGroup[],
  { goal, read }: Pick<ReportedSweep, "goal" | "read">,
): RunGroup[] {
  const sign = goal === "min" ? 1 : -1;
  const placed = groups.map((group) => {
    const mean = statistics(group.runs.map(read))?.mean;
    return { group, place: mean === undefined ? Number.POSITIVE_INFINITY : sign * mean };
  });
  return placed
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
    .map(({ group }) => group);
}

/** A sweep's metric over each of its settings. */
export function sweptSettings(groups: readonly RunGroup[], sweep: ReportedSweep): Html | undefined {
  const charts = sweep.swept.flatMap((setting) => chartOf(groups, setting, sweep) ?? []);
  if (charts.length === 0) return undefined;
  return html`<section aria-label="Swept settings"><h3>${sweep.metric} over each setting</h3>
<p class="soft">Mean over seeds, with its 95 % interval; a line joins what differs in the one setting alone. Only runs that are done count.</p>
<div class="grid large">${charts}</div></section>`;
}

function chartOf(
  groups: readonly RunGroup[],
  { key, flag, log }: ReportedSweep["swept"][number],
  sweep: ReportedSweep,
): Html | undefined {
  const valueIn = ({ runs }: RunGroup, of: string) => sweep.valueOf(runs[0] as ReportedRun, of);
  const values = new Map(
    groups.map((group) => [JSON.stringify(valueIn(group, key)), valueIn(group, key)]),
  );
  if (values.size < 2) return undefined;
  const isNumeric = [...values.values()].every((value) => typeof value === "number");
  const places = [...values.keys()];
  const others = sweep.swept.filter((other) => other.key !== key);
  const lines = new Map<string, SettingLine["points"][number][]>();
  for (const group of groups) {
    const result = statistics(group.runs.map(sweep.read));
    if (result === undefined) continue;
    const name = others
      .map((other) => `${other.flag} ${showSetting(valueIn(group, other.key))}`)
      .join(", ");
    const value = valueIn(group, key);
    const place = isNumeric ? Number(value) : places.indexOf(JSON.stringify(value));
    const label = `${flag} ${showSetting(value)}${name === "" ? "" : `, ${name}`}`;
    lines.set(name, [...(lines.get(name) ?? []), { at: place, result, label }]);
  }
  if (lines.size === 0) return undefined;
  return settingChart({
    title: `${sweep.metric} over ${flag}`,
    xTitle: flag,
    lines: [...lines].map(([name, points]) => ({
      name,
      points: points.sort((a, b) => a.at - b.at),
    })),
    log: isNumeric && log,
    ...(!isNumeric && { names: [...values.values()].map(showSetting) }),
    show: fewDigits,
  });
}
