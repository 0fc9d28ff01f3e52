import { isAbsolute, join, relative, resolve } from "node:path";
import { CONFIG_FILE, type ConfigRecord, RunFolderError, type StoredRun } from "@bioflax/runs";
import { readConfigFile, readRun } from "@bioflax/runs/node";
import type { Config } from "../config/schema";
import { allSettings } from "../config/settings";
import { rulesOf } from "../experiment/network";
import { parseConfig } from "../resolve/parse-config";
import { ConfigError, type ConfigSource, resolveConfig, withoutCommand } from "../resolve/resolve";
import { comparePlugins } from "./run-plugins";

/** The settings of a run: as its `config.json` has them, and with all that they stand for. */
export interface RunConfig {
  readonly source: ConfigSource;
  /** Paths in it are relative to the working directory, or absolute. */
  readonly config: Config;
}

/** A run whose settings are checked, and resolved with all that they stand for. */
export type ResolvedRun = StoredRun<Config>;

/**
 * Reads a run folder as `readRun` of `@bioflax/runs/node` does, and resolves its settings: paths are relative to the
 * working directory, or absolute, and what the file leaves out has its default.
 *
 * @throws RunFolderError when it is no run folder, or when one of the files is broken, naming it.
 */
export async function readResolvedRun(path: string): Promise<ResolvedRun> {
  return readRun(path, { readConfig: async (folder) => (await readRunConfig(folder)).config });
}

/**
 * Reads `config.json` of a run folder.
 *
 * @throws PluginError for a plugin it was trained with that has not been loaded.
 * @throws RunFolderError when it is not there or not what a run writes, saying how to have it again.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const file = join(folder, CONFIG_FILE);
  const bytes = await readConfigFile(folder);
  await comparePlugins(folder);
  try {
    const source = { file, folder, values: await parseConfig(file, bytes.toString("utf8")) };
    if (Object.hasOwn(Object(source.values), "plugins"))
      throw new ConfigError([
        `${file}: plugins: expected none in a run folder, which loads no code by itself. Remove it, and give --plugin`,
      ]);
    return { source, config: withoutCommand(resolveConfig(source)) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RunFolderError(
      `${error.message}${/[.?]$/.test(error.message) ? "" : "."}\nBring the file back as it was; the run's checkpoints have its settings, too, in their headers.`,
      { cause: error },
    );
  }
}

/** Where the folder of a new run is to be: at `out`, or named after its data set and rules. */
export function placeOf(config: Config): {
  readonly out?: string | undefined;
  readonly name: string;
} {
  const rules = [...new Set(rulesOf(config))].join("-");
  return { out: config.out, name: `${config.dataset}-${rules}` };
}

/**
 * Settings such that `--config` takes them from a file in a folder: where paths are relative, they are to that folder.
 */
export function settingsFrom(
  folder: string,
  { out: _out, plugins: _plugins, ...config }: Config,
): ConfigRecord {
  const seenFromThere = (path: string) =>
    isAbsolute(path) ? path : relative(resolve(folder), resolve(path));
  const paths = allSettings()
    .filter(({ path, key }) => path && Object.hasOwn(config, key))
    .map(({ key }) => key as "init");
  const moved = Object.fromEntries(paths.map((key) => [key, seenFromThere(config[key] as string)]));
  return { ...config, ...moved };
}
