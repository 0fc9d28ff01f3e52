import { models, schedules } from "@bioflax/core";
import { datasets } from "@bioflax/datasets/node";
import type * as z from "zod";
import type { SettingNotes } from "../setting-notes";
import { optionSetting, type SharedOption, sharedOptions } from "../shared-options";
import { data } from "./data";
import { network } from "./network";

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

/** An option of a data set, model or schedule that is no setting of every run. */
export interface OwnOption extends SharedOption {
  /** The setting that names whose it is. */
  readonly key: (typeof kinds)[number]["key"];
  readonly group: SettingNotes["group"];
}

/** The options of data sets, models and schedules that are no settings of every run, as those of one's own are. */
export function ownOptions(): OwnOption[] {
  const settings = { ...data(), ...network() };
  const isOwn = ({ key, name }: Pick<OwnOption, "key" | "name">) =>
    key === "schedule" || !Object.hasOwn(settings, name);
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
