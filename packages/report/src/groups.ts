import type { ConfigRecord } from "@bioflax/runs";
import type { ReportedRun } from "./reported-run";
import type { ReportedSetting } from "./setting";

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
  readonly differing: readonly ReportedSetting[];
}

const textOf = (config: ConfigRecord, { key }: ReportedSetting) =>
  JSON.stringify(config[key]) ?? "";

/** Sorts runs into groups by everything that decides their results but the seed, in the order they come. */
export function groupRuns(
  runs: readonly ReportedRun[],
  settings: readonly ReportedSetting[],
): Grouping {
  const telling = settings.filter(({ decides }) => decides);
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
    label: naming.map((setting) => shortly(configs[i] as ConfigRecord, setting)).join(", "),
    runs,
  }));
  return { groups, differing };
}

/** The first few settings that are enough to tell the groups apart; those that name runs come first. */
function namingSettings(
  configs: readonly ConfigRecord[],
  differing: readonly ReportedSetting[],
): ReportedSetting[] {
  const rank = ({ naming }: ReportedSetting) => naming?.rank ?? Number.POSITIVE_INFINITY;
  const naming: ReportedSetting[] = [];
  const told = (by: readonly ReportedSetting[]) =>
    new Set(configs.map((config) => by.map((setting) => textOf(config, setting)).join("\n"))).size;
  for (const setting of [...differing].sort((a, b) =>
    rank(a) === rank(b) ? 0 : rank(a) - rank(b),
  ))
    if (told([...naming, setting]) > told(naming)) naming.push(setting);
  return naming;
}

/** A setting in a label: some, as a rule, speak for themselves; anything else is named. */
function shortly(config: ConfigRecord, { key, flag, naming }: ReportedSetting): string {
  const value = config[key];
  if (naming?.alone) return String(value);
  if (typeof value === "boolean") return value ? flag : `no ${flag}`;
  return `${flag} ${showSetting(value)}`;
}

/** The value of a setting, as one reads it. */
export function showSetting(value: unknown): string {
  if (value === undefined) return "–";
  return Array.isArray(value) ? value.join(" ") || "none" : String(value);
}
