import {
  everyLearningOption,
  type LearningOptions,
  type LearningSetting,
  type learningOptions,
  type OptionKind,
  type OptionValue,
  type Rule,
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
    : never]: Table[Name] extends { readonly default: unknown }
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
  readonly leaf: Omit<OptionValue, "setting"> & { readonly setting: LearningSetting };
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
    const leaf = { ...rest, value: value as OptionKind, setting: notes as LearningSetting };
    return [{ ...shared, key: option, leaf }];
  },
);

function schemaOf(kind: OptionKind, most: number | undefined): z.ZodType {
  switch (kind.type) {
    case "wholeNumber":
      return wholeNumber(kind.from, most);
    case "number":
      return number(kind.from, { to: kind.to });
    case "positive":
      return positive();
    case "flag":
      return flag();
    case "word":
      return oneOf(Object.keys(kind.words));
  }
}

function settingOf({ group, leaf, needs, part }: GivenBy): z.ZodType {
  const { description, most, placeholder, aliases, elsewhere } = leaf.setting;
  const able = (Object.values(rules) as Rule[]).filter(
    (rule) => needs === undefined || ruleFeatures[needs].has(rule),
  );
  const meaning =
    typeof description === "string"
      ? description
      : description(able.map(({ name }) => name).join(", "));
  // Whether a part was given matters, and core knows what stands in its place.
  const isFilledIn = part === undefined && leaf.default !== undefined;
  const leftOut = isFilledIn ? "" : ` (default: ${leaf.otherwise ?? leaf.default})`;
  const notes: SettingNotes = {
    group,
    description: `${meaning}${leftOut}`,
    ...(placeholder !== undefined && { placeholder }),
    ...(aliases !== undefined && { aliases }),
    ...(elsewhere !== undefined && { elsewhere }),
  };
  const schema = schemaOf(leaf.value, most);
  return setting(isFilledIn ? schema.default(leaf.default) : schema.optional(), notes);
}

/** The settings under a heading that say how layers learn, in the order of core's table. */
export function settingsOfLayers<G extends Group>(group: G): SingleSettings<G> & PartSettings<G> {
  const own = learningSettings.filter((given) => given.group === group);
  return Object.fromEntries(own.map((given) => [given.key, settingOf(given)])) as never;
}
