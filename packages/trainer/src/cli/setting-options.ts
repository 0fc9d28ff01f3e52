import { whatIsAt } from "@bioflax/datasets/node";
import { type Command, Option } from "commander";
import type { CommandConfig } from "../config/schema";
import {
  allSettings,
  defaultText,
  hyphenated,
  placeholderOf,
  type Setting,
} from "../config/settings";
import { readConfig } from "../resolve/read-config";
import { ConfigError, type ResolvedConfig, resolveWithOrigins } from "../resolve/resolve";
import { parseValue } from "./arguments";

/** An option that is given once for each value. */
function repeatedOption({ flag, placeholder, group, description }: Setting): Option {
  return new Option(`--${flag} <${placeholder}>`, description)
    .argParser((value: string, before: string[] = []) => [...before, value])
    .helpGroup(`${group}:`);
}

/** Gives a command `--plugin`, which has been followed before the command is made. */
export function addPlugins(command: Command): void {
  const setting = allSettings().find(({ key }) => key === "plugins") as Setting;
  command.addOption(repeatedOption({ ...setting, group: "Run" }));
}

/** The options of a setting: the one that shows in the help, and `--no-…` beside a true-or-false one. */
function optionsOf(setting: Setting): Option[] {
  const { flag, kind, many, group, description, repeatedAs } = setting;
  if (repeatedAs !== undefined) return [repeatedOption(setting)];
  const optional = many || kind === "boolean";
  const value = optional ? `[${placeholderOf(setting)}]` : `<${placeholderOf(setting)}>`;
  // That a switch is off until it is set goes without saying.
  const byDefault = setting.default === false ? undefined : defaultText(setting);
  const option = new Option(
    `--${flag} ${value}`,
    byDefault === undefined ? description : `${description} (default: ${byDefault})`,
  );
  // Several values arrive as one; commander would add those of a repeated option instead of taking the last.
  option.variadic = false;
  option.helpGroup(`${group}:`);
  return kind === "boolean" ? [option, new Option(`--no-${flag}`).hideHelp()] : [option];
}

/** Gives a command an option for each of some settings. */
export function addSettings(command: Command, some: readonly Setting[]): void {
  for (const setting of some) for (const option of optionsOf(setting)) command.addOption(option);
}

/** What commander found on a command line, by setting. */
export type GivenOptions = Readonly<
  Record<string, string | boolean | readonly string[] | undefined>
>;

/**
 * The settings on a command line, read but not checked.
 *
 * @throws BioflaxError when what `--data` names is no data set.
 */
export function valuesOf(given: GivenOptions): Partial<CommandConfig> {
  const { data, ...values }: Partial<CommandConfig> = Object.fromEntries(
    allSettings().flatMap((setting) => {
      const raw = given[setting.repeatedAs ?? setting.key];
      return raw === undefined ? [] : [[setting.key, parseValue(setting, raw)]];
    }),
  );
  if (data === undefined) return values;
  const other = (["dataset", "dataDir"] as const).find((key) => values[key] !== undefined);
  if (other !== undefined)
    throw new ConfigError([
      `--data and --${hyphenated(other)}: expected one of them, received both. --data finds out which data set a path holds`,
    ]);
  return { ...values, dataset: whatIsAt(String(data)), dataDir: String(data) };
}

/**
 * The settings of a command line: those on it, over those of the file it names, over the defaults.
 *
 * @throws ConfigError with every problem at once.
 */
export async function resolveGiven(given: GivenOptions): Promise<ResolvedConfig> {
  const values = valuesOf(given);
  const files = typeof values.config === "string" ? await readConfig(values.config) : [];
  return resolveWithOrigins(...files, { values });
}
