import type { Definition, Option, Options } from "@bioflax/core";
import type * as z from "zod";
import { optionSchema } from "./option-schema";
import { type SettingNotes, setting } from "./setting-notes";

/** A definition as settings are made from it. */
type Having = Definition & { readonly options?: Options };

/** An option, with the definitions that have it. */
export interface SharedOption {
  readonly name: string;
  readonly options: readonly Option[];
  readonly owners: readonly string[];
}

/** The options of some definitions, by the first that has them. */
export function sharedOptions(definitions: readonly Having[]): SharedOption[] {
  const names = new Set(definitions.flatMap(({ options = {} }) => Object.keys(options)));
  return [...names].map((name) => {
    const having = definitions.filter(({ options = {} }) => Object.hasOwn(options, name));
    return {
      name,
      options: having.map(({ options = {} }) => options[name] as Option),
      owners: having.map((definition) => definition.name),
    };
  });
}

/** Whether an option is off where it is left out, so that it can stand in every run's config. */
export const isOff = (value: unknown) => value === 0 || value === false;

/** What an option may be: what all who have it agree on. */
function sharedSchema(options: readonly Option[]): z.ZodType {
  const [{ doc, default: _own, ...first }, ...others] = options as [Option, ...Option[]];
  const isSame = others.every(
    ({ doc: _doc, default: _default, ...other }) => JSON.stringify(other) === JSON.stringify(first),
  );
  return optionSchema({ ...(isSame ? first : { type: first.type }), doc } as Option);
}

/** Names as a sentence has them: `adam, adamw and rmsprop`. */
const listed = (names: readonly string[]) =>
  [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");

/**
 * The setting that an option is.
 *
 * @param isBundled whether it is in every run's config: one of one's own is there only where it is given, so that other
 *   runs can be read without it.
 */
export function optionSetting(
  { options, owners }: SharedOption,
  group: SettingNotes["group"],
  isBundled: boolean,
): z.ZodType {
  const [first] = options as [Option];
  const schema = sharedSchema(options);
  const defaults = [...new Set(options.map((option) => option.default))];
  const isOffElse = isBundled && defaults.length === 1 && isOff(defaults[0]);
  const [only, ...several] = defaults;
  const said = isOffElse || only === undefined || several.length > 0 ? "" : ` (default: ${only})`;
  return setting(isOffElse ? schema.default(defaults[0]) : schema.optional(), {
    group,
    description: `${first.doc}, of ${listed(owners)}${said}`,
    ...(first.type === "number" && { placeholder: "x" }),
  });
}
