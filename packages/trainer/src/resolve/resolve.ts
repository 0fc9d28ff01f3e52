import { isAbsolute, join } from "node:path";
import { BioflaxError, printableName, showProblems, showValue } from "@bioflax/core";
import { type CommandConfig, type Config, commandSchema } from "../config/schema";
import {
  allSettings,
  camelCased,
  findSetting,
  guessSetting,
  hyphenated,
  type Setting,
} from "../config/settings";
import { isModulePath } from "../plugins/locate";
import { checkTogether } from "./check-together";

/** The key by which a config file names the files it goes on from. */
export const EXTENDS = "extends";

/** Settings from one place, and how errors speak of that place. */
export interface ConfigSource {
  /** Where they come from, such as the name of a file; left out for the command line. */
  readonly file?: string;
  /** The folder its paths are relative to; left out for the working directory. */
  readonly folder?: string;
  /** Settings by name; config files may spell them with hyphens or underscores. */
  readonly values: unknown;
}

/** Settings that cannot be used: every problem at once, each with its place. */
export class ConfigError extends BioflaxError {
  override name = "ConfigError";

  /** @param problems one sentence each. */
  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      problems.length === 1
        ? (problems[0] as string)
        : `${problems.length} problems:\n  ${showProblems(problems)}`,
      options,
    );
  }
}

/** A value that was given, where, and how to speak of it. */
interface Given {
  readonly value: unknown;
  readonly label: string;
  readonly origin: string;
}

/** Resolved settings, and where those that were given come from. */
export interface ResolvedConfig {
  readonly config: CommandConfig;
  /** The file of each setting that was given, or `command line`; what is not here has its default. */
  readonly origins: ReadonlyMap<keyof CommandConfig, string>;
}

/** Sorts what a source holds by setting; what cannot be understood becomes a problem. */
function read(
  { file, folder, values }: ConfigSource,
  problems: string[],
): Map<keyof CommandConfig, Given> {
  const given = new Map<keyof CommandConfig, Given>();
  const place = file === undefined ? "" : `${file}: `;
  if (values === null || typeof values !== "object" || Array.isArray(values)) {
    problems.push(
      `${place}expected settings by name, such as "epochs: 5", received ${showValue(values)}`,
    );
    return given;
  }
  const allowed = allSettings().filter(
    ({ commandLineOnly }) => file === undefined || !commandLineOnly,
  );
  for (const [name, value] of Object.entries(values)) {
    // Editors find the JSON Schema of a config file by this key.
    if (file !== undefined && name === "$schema") continue;
    const setting = findSetting(camelCased(name));
    if (setting === undefined || !allowed.includes(setting)) {
      problems.push(`${place}${unknown(name, setting, allowed)}`);
    } else if (given.has(setting.key)) {
      problems.push(
        `${place}${printableName(name)}: expected each setting once, received ${setting.key} twice. Remove one of them`,
      );
    } else {
      const label = file === undefined ? `--${hyphenated(setting.key)}` : `${place}${name}`;
      given.set(setting.key, {
        value: setting.path || setting.repeatedAs ? within(folder, value) : value,
        label,
        origin: file ?? "command line",
      });
    }
  }
  return given;
}

function unknown(name: string, setting: Setting | undefined, allowed: readonly Setting[]): string {
  if (name === EXTENDS)
    return `${EXTENDS}: belongs in a config file. Read that with readConfig, which follows it`;
  if (setting !== undefined)
    return `${name}: belongs on the command line only. Write --${setting.flag} there`;
  const guess = guessSetting(name, allowed);
  return guess === undefined
    ? `unknown setting ${showValue(name)}. Known: ${allowed.map(({ key }) => key).join(", ")}`
    : `unknown setting ${showValue(name)}. Did you mean "${guess.key}"?`;
}

/** A path, or the paths among plugins, as seen from the working directory. */
function within(folder: string | undefined, path: unknown): unknown {
  if (Array.isArray(path))
    return path.map((one) =>
      typeof one === "string" && isModulePath(one) ? within(folder, one) : one,
    );
  return folder === undefined || typeof path !== "string" || isAbsolute(path)
    ? path
    : join(folder, path);
}

/**
 * Merges settings from several places, checks them all and fills in the defaults. Pure.
 *
 * @param sources from the weakest to the strongest: a setting in a later one overrides an earlier one.
 * @throws ConfigError with every problem at once, each naming its place and setting.
 */
export function resolveConfig(...sources: readonly ConfigSource[]): CommandConfig {
  return resolveWithOrigins(...sources).config;
}

/** {@link resolveConfig}, telling where each value comes from. */
export function resolveWithOrigins(...sources: readonly ConfigSource[]): ResolvedConfig {
  const problems: string[] = [];
  const given = new Map<keyof CommandConfig, Given>();
  for (const source of sources)
    for (const [key, one] of read(source, problems)) {
      const before = given.get(key)?.value;
      // Whoever adds a plugin takes none away.
      const isMore = key === "plugins" && Array.isArray(before) && Array.isArray(one.value);
      given.set(
        key,
        isMore ? { ...one, value: [...new Set([...before, ...(one.value as unknown[])])] } : one,
      );
    }
  const label = (key: keyof CommandConfig) =>
    given.get(key)?.label ?? (sources.at(-1)?.file === undefined ? `--${hyphenated(key)}` : key);

  const parsed = commandSchema().safeParse(
    Object.fromEntries([...given].map(([key, { value }]) => [key, value])),
  );
  if (parsed.success) {
    problems.push(...checkTogether(parsed.data, label));
  } else {
    const seen = new Set<string>();
    for (const { path, message } of parsed.error.issues) {
      const [key, ...rest] = path as [keyof CommandConfig, ...number[]];
      const where = label(key) + rest.map((index) => `[${index}]`).join("");
      if (!seen.has(where)) problems.push(`${where}: ${message}`);
      seen.add(where);
    }
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return {
    config: parsed.data,
    origins: new Map([...given].map(([key, { origin }]) => [key, origin])),
  };
}

/**
 * Checks settings from code and fills in the defaults. Pure.
 *
 * @param values settings by name, {@link ConfigInput} once they are right.
 * @param name what errors call the place they come from.
 * @param folder the folder that paths in them are relative to; the working directory when left out.
 * @throws ConfigError with every problem at once.
 */
export function validateConfig(values: unknown, name = "config", folder?: string): Config {
  return withoutCommand(
    resolveConfig({ file: name, values, ...(folder !== undefined && { folder }) }),
  );
}

/** The settings of a run among those of a command. */
export function withoutCommand<C extends Partial<CommandConfig>>({
  config: _config,
  data: _data,
  quiet: _quiet,
  verbose: _verbose,
  json: _json,
  resume: _resume,
  resumeOrStart: _resumeOrStart,
  seeds: _seeds,
  ...run
}: C) {
  return run;
}
