import {
  type AnyValue,
  everyLearningOption,
  type LearningOptions,
  type LearningSetting,
  type learningOptions,
  ruleFeatures,
  rules,
} from "@bioflax/core";
import type * as z from "zod";
import { flag, number, oneOf, positive, wholeNumber } from "./kinds";
import { type SettingNotes, setting } from "./setting-notes";

type Table = typeof learningOptions;
type Group = "Feedback" | "Training";
type Named = { readonly setting: { readonly name: string } };

/** The settings of the options that are single values: under their own names, with a default where there is one. */
type SingleSettings<G extends Group> = {
  readonly [Name in keyof Table as Table[Name] extends {
    readonly value: unknown;
    readonly setting: { readonly group: G };
  }
    ? Name
    : never]: Table[Name] extends { readonly value: { readonly default: unknown } }
    ? z.ZodDefault<Schema<NonNullable<LearningOptions[Name]>>>
    : z.ZodOptional<Schema<NonNullable<LearningOptions[Name]>>>;
};
type Schema<Value> = z.ZodType<Value, Value>;

/** The parts of the options that have some, each with the setting that gives it. */
type Part<G extends Group> = {
  [Name in keyof Table]: Table[Name] extends {
    readonly parts: infer Parts;
    readonly setting: { readonly group: G };
  }
    ? {
        [P in keyof Parts]: Parts[P] extends Named
          ? readonly [Parts[P]["setting"]["name"], NonNullable<PartValue<Name, P>>]
          : never;
      }[keyof Parts]
    : never;
}[keyof Table];
type PartValue<Name extends keyof Table, P> = P extends keyof NonNullable<LearningOptions[Name]>
  ? NonNullable<LearningOptions[Name]>[P]
  : never;
type PartSettings<G extends Group> = {
  readonly [P in Part<G> as P[0]]: z.ZodOptional<Schema<P[1]>>;
};

/** A setting of the command, and the option of layers that it gives, or the part of one. */
export interface GivenBy {
  readonly key: string;
  readonly option: keyof LearningOptions;
  readonly part?: string;
  readonly group: Group;
  /** What a rule must have for it to be of use. */
  readonly needs?: keyof typeof ruleFeatures;
  readonly leaf: Omit<AnyValue, "setting"> & { readonly setting: LearningSetting };
}

/** Every setting that gives an option of layers. Initializers have settings of their own, with the scales. */
export const learningSettings: readonly GivenBy[] = everyLearningOption.flatMap(
  ([option, { value, parts, needs, setting: notes, ...rest }]): GivenBy[] => {
    if (notes === undefined) return [];
    const shared = { option, group: notes.group, ...(needs !== undefined && { needs }) };
    if (parts !== undefined)
      return Object.entries(parts).map(([part, leaf]) => ({
        ...shared,
        part,
        key: leaf.setting.name as string,
        leaf,
      }));
    const leaf = { ...rest, value: value as AnyValue["value"], setting: notes };
    return [{ ...shared, key: option, leaf }];
  },
);

/** The command's checks count, and have most texts, as core's have. */
function schemaOf(option: AnyValue["value"], most: number | undefined): z.ZodType {
  if (option.type === "flag") return flag();
  if (option.type === "choice") return oneOf(option.choices);
  const { whole, from = 0, above, to } = option;
  if (whole) return wholeNumber(from, most ?? to);
  return above === undefined ? number(from, to === undefined ? {} : { to }) : positive();
}

function settingOf({ group, leaf, needs, part }: GivenBy): z.ZodType {
  const { most, placeholder, aliases, elsewhere, namesRules } = leaf.setting;
  const able = [...rules].filter((rule) => needs === undefined || ruleFeatures[needs].has(rule));
  const who = namesRules ? `, of ${able.map(({ name }) => name).join(", ")}` : "";
  const { doc, default: usual } = leaf.value;
  // Whether a part was given matters, and core knows what stands in its place.
  const isFilledIn = part === undefined && usual !== undefined;
  const leftOut = isFilledIn ? "" : ` (default: ${leaf.otherwise ?? usual})`;
  const notes: SettingNotes = {
    group,
    description: `${doc}${who}${leftOut}`,
    ...(placeholder !== undefined && { placeholder }),
    ...(aliases !== undefined && { aliases }),
    ...(elsewhere !== undefined && { elsewhere }),
  };
  const schema = schemaOf(leaf.value, most);
  return setting(isFilledIn ? schema.default(usual) : schema.optional(), notes);
}

/** The settings under a heading that say how layers learn, in the order of core's table. */
export function settingsOfLayers<G extends Group>(group: G): SingleSettings<G> & PartSettings<G> {
  const own = learningSettings.filter((given) => given.group === group);
  return Object.fromEntries(own.map((given) => [given.key, settingOf(given)])) as never;
}
