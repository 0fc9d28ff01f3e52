import type { Config } from "../../trainer/src/config/schema";
import { type Setting, settings } from "../../trainer/src/config/settings";
import type { ReportedRun } from "./reported-run";

/** Runs with the same settings but for their seeds. */
export interface RunGroup {
  /** What tells it from the other groups: `kp`, `lr 0.1`. */
  readonly label: string;
  readonly runs: readonly ReportedRun[];
}

/** Runs, sorted into groups. */
export interface Grouping {
  readonly groups: readonly RunGroup[];
  /** The settings that are not the same in every group. */
  readonly differing: readonly Setting[];
}

/** Settings that say where a run is and how it is watched, not what it computes. */
const besides: ReadonlySet<string> = new Set(["Run", "Measurements"]);
const telling = settings.filter(
  ({ key, group }) => !besides.has(group) && key !== "seed" && key !== "threads",
);

const settingOf = (config: Config, { key }: Setting): unknown =>
  (config as Readonly<Record<string, unknown>>)[key];
const textOf = (config: Config, setting: Setting) =>
  JSON.stringify(settingOf(config, setting)) ?? "";

/** Sorts runs into groups by everything that decides their results but the seed, in the order they come. */
export function groupRuns(runs: readonly ReportedRun[]): Grouping {
  const byKey = new Map<string, ReportedRun[]>();
  for (const run of runs) {
    const key = telling.map((setting) => textOf(run.config, setting)).join("\n");
    byKey.set(key, [...(byKey.get(key) ?? []), run]);
  }
  const members = [...byKey.values()];
  const configs = members.map(([first]) => (first as ReportedRun).config);
  const differing = telling.filter(
    (setting) => new Set(configs.map((config) => textOf(config, setting))).size > 1,
  );
  const naming = namingSettings(configs, differing);
  const groups = members.map((runs, i) => ({
    label: naming.map((setting) => shortly(configs[i] as Config, setting)).join(", "),
    runs,
  }));
  return { groups, differing };
}

/** The first few settings that are enough to tell the groups apart; the rule comes first. */
function namingSettings(configs: readonly Config[], differing: readonly Setting[]): Setting[] {
  const rank = ({ key }: Setting) => ["mode", "layerModes", "model"].indexOf(key) + 1 || 9;
  const naming: Setting[] = [];
  const told = (by: readonly Setting[]) =>
    new Set(configs.map((config) => by.map((setting) => textOf(config, setting)).join("\n"))).size;
  for (const setting of [...differing].sort((a, b) => rank(a) - rank(b)))
    if (told([...naming, setting]) > told(naming)) naming.push(setting);
  return naming;
}

/** A setting in a label: a rule and an architecture speak for themselves, anything else is named. */
function shortly(config: Config, setting: Setting): string {
  const value = settingOf(config, setting);
  if (setting.key === "mode" || setting.key === "model") return String(value);
  if (typeof value === "boolean") return value ? setting.flag : `no ${setting.flag}`;
  return `${setting.flag} ${showSetting(value)}`;
}

/** The value of a setting, as one reads it. */
export function showSetting(value: unknown): string {
  if (value === undefined) return "–";
  return Array.isArray(value) ? value.join(" ") || "none" : String(value);
}
