import { nearest } from "@bioflax/core";
import type { z } from "zod";
import { type CommandConfig, commandSchema, configSchema } from "./schema";
import { type SettingNotes, settingNotes } from "./setting-notes";

/** A setting, as the command line, the docs and the checks see it. */
export interface Setting extends SettingNotes {
  /** Its name in config files and code. */
  readonly key: keyof CommandConfig;
  /** Its name on the command line, without the dashes. */
  readonly flag: string;
  /** What its value is, or each of its values. */
  readonly kind: "number" | "boolean" | "text";
  /** Whether it takes several values. */
  readonly many: boolean;
  /** The words it may be, where there are only a few. */
  readonly choices?: readonly string[];
  /** Whether it says how one command behaves, not what is trained; config files may not have it. */
  readonly commandLineOnly: boolean;
  /** Its value when left out. */
  readonly default: unknown;
}

/** `batchSize` → `batch-size`. */
export function hyphenated(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `batch-size`, `batch_size` → `batchSize`. */
export function camelCased(name: string): string {
  return name.replace(/[-_]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly element?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
  readonly options?: readonly z.ZodType[];
}

/** Reads from a schema what kind of value it takes. */
function describe(schema: z.ZodType): Pick<Setting, "kind" | "many" | "choices"> {
  const definition = schema.def as unknown as Definition;
  const { type, innerType, in: source, element, entries, options } = definition;
  if (innerType !== undefined) return describe(innerType);
  if (source !== undefined) return describe(source);
  // A word, or values in its place.
  if (options !== undefined) return Object.assign({}, ...options.map(describe));
  if (element !== undefined) return { ...describe(element), many: true };
  if (entries !== undefined) return { kind: "text", many: false, choices: Object.values(entries) };
  return { kind: type === "number" || type === "boolean" ? type : "text", many: false };
}

function makeSettings(): readonly Setting[] {
  const schema = commandSchema();
  const defaults = schema.parse({});
  return Object.entries(schema.shape).map(([name, one]) => {
    const key = name as keyof CommandConfig;
    const notes = settingNotes.get(one) as SettingNotes;
    return {
      ...notes,
      ...describe(one),
      key,
      flag: notes.repeatedAs ?? hyphenated(key),
      commandLineOnly: !Object.hasOwn(configSchema().shape, key),
      default: defaults[key],
    };
  });
}

let made: { readonly of: unknown; readonly settings: readonly Setting[] } | undefined;

/** Every setting there is now, those of plugins too, in the order of the help text. */
export function allSettings(): readonly Setting[] {
  const of = commandSchema();
  if (made?.of !== of) made = { of, settings: makeSettings() };
  return made.settings;
}

/** The groups settings stand in, in the order of the help text. */
export const settingGroups = () => [...new Set(allSettings().map(({ group }) => group))];

/** What a name or alias in camelCase means, or undefined for an unknown one. */
export function findSetting(name: string): Setting | undefined {
  return allSettings().find(
    ({ key, repeatedAs, aliases = [] }) =>
      [key, repeatedAs].includes(name) || aliases.includes(name),
  );
}

/** The setting that a name nobody knows was meant for: one with a name like it, or that other programs call so. */
export function guessSetting(
  name: string,
  among: readonly Setting[] = allSettings(),
): Setting | undefined {
  const names = among.flatMap((setting) =>
    [setting.key, ...(setting.aliases ?? []), ...(setting.elsewhere ?? [])].map(
      (known) => [known, setting] as const,
    ),
  );
  const guess = nearest(
    name,
    names.map(([known]) => known),
  );
  return names.find(([known]) => known === guess)?.[1];
}

/** What stands for a setting's value in help and docs: `n`, `sgd|adam`, `units...`. */
export function placeholderOf({ choices, placeholder, kind, many, repeatedAs }: Setting): string {
  const one =
    placeholder ??
    choices?.join("|") ??
    (kind === "boolean" ? "true|false" : kind === "number" ? "n" : "text");
  return many && repeatedAs === undefined ? `${one}...` : one;
}

/** A setting's default as one writes it on the command line; undefined where there is none. */
export function defaultText({ default: value }: Setting): string | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.join(" ") : String(value);
}
