import { models, schedules } from "@bioflax/core";
import { datasets } from "@bioflax/datasets/node";
import type * as z from "zod";
import type { SettingNotes } from "../setting-notes";
import { optionSetting, type SharedOption, sharedOptions } from "../shared-options";

/** What settings can name beside an optimizer that may have options: which setting names it, and its group. */
const kinds = [
  { key: "dataset", group: "Data", definitions: () => [...datasets] },
  { key: "model", group: "Network", definitions: () => [...models] },
  // Those that come with bioflax are told epochs, where they count steps.
  {
    key: "schedule",
    group: "Training",
    definitions: () => [...schedules].filter(({ name }) => !schedules.isBuiltIn(name)),
  },
] as const satisfies readonly {
  key: string;
  group: SettingNotes["group"];
  definitions: () => readonly object[];
}[];

/** An option of a data set, model or schedule of one's own. */
export interface OwnOption extends SharedOption {
  /** The setting that names whose it is. */
  readonly key: (typeof kinds)[number]["key"];
  readonly group: SettingNotes["group"];
}

/** The options of data sets, models and schedules of one's own that no bundled definition has. */
export function ownOptions(): OwnOption[] {
  const isOwn = ({ key, owners }: { key: OwnOption["key"]; owners: readonly string[] }) =>
    key === "schedule" ||
    owners.every((name) => !(key === "model" ? models : datasets).isBuiltIn(name));
  return kinds
    .flatMap(({ key, group, definitions }) =>
      sharedOptions(definitions()).map((option) => ({ ...option, key, group })),
    )
    .filter(isOwn);
}

/** A setting for each of them. @param taken names that settings have already, which are the same setting. */
export function ownSettings(taken: object): Record<never, z.ZodType> {
  return Object.fromEntries(
    ownOptions()
      .filter(({ name }) => !Object.hasOwn(taken, name))
      .map((option) => [option.name, optionSetting(option, option.group, false)]),
  );
}
