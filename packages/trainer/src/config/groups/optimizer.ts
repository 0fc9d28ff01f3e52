import {
  type FlagOption,
  type OptimizerDefinition,
  type Option,
  optimizers,
  type Registry,
} from "@bioflax/core";
import type * as z from "zod";
import { optionSchema } from "../option-schema";
import { setting } from "../setting-notes";

type BuiltIns = typeof optimizers extends Registry<OptimizerDefinition, infer B> ? B : never;
type OptionName = { [N in keyof BuiltIns]: keyof BuiltIns[N]["options"] }[keyof BuiltIns];
type OptionOf<K> = {
  [N in keyof BuiltIns]: K extends keyof BuiltIns[N]["options"] ? BuiltIns[N]["options"][K] : never;
}[keyof BuiltIns];

/** An option, with the optimizers that have it. */
interface SharedOption {
  readonly name: string;
  readonly options: readonly Option[];
  readonly owners: readonly string[];
}

/** The options of all optimizers, by the first that has them. */
export function optimizerOptions(): SharedOption[] {
  const names = new Set([...optimizers].flatMap(({ options }) => Object.keys(options)));
  return [...names].map((name) => {
    const having = [...optimizers].filter(({ options }) => Object.hasOwn(options, name));
    return {
      name,
      options: having.map(({ options }) => options[name] as Option),
      owners: having.map((optimizer) => optimizer.name),
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

function settingOf({ options, owners }: SharedOption): z.ZodType {
  const [first] = options as [Option];
  const schema = sharedSchema(options);
  const defaults = [...new Set(options.map((option) => option.default))];
  const isOffElse = defaults.length === 1 && isOff(defaults[0]);
  const [only, ...several] = defaults;
  const said = isOffElse || only === undefined || several.length > 0 ? "" : ` (default: ${only})`;
  return setting(isOffElse ? schema.default(defaults[0]) : schema.optional(), {
    group: "Training",
    description: `${first.doc}, of ${listed(owners)}${said}`,
    ...(first.type === "number" && { placeholder: "x" }),
  });
}

/** A setting for each option of the optimizers, with those of one's own that have been added before. */
export const optimizerSettings = Object.fromEntries(
  optimizerOptions().map((option) => [option.name, settingOf(option)]),
) as unknown as {
  [K in OptionName]: z.ZodOptional<OptionOf<K> extends FlagOption ? z.ZodBoolean : z.ZodNumber>;
};
