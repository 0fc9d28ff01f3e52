import { isAbsolute, join, relative } from "node:path";
import { printableName } from "@bioflax/core";
import type { PluginRecord } from "@bioflax/runs";
import { readPlugins } from "@bioflax/runs/node";
import { loadedPlugin } from "../plugins/load";
import { isModulePath } from "../plugins/locate";
import { PluginError } from "../plugins/plugin-error";

/** Plugins as a run folder has them: paths are seen from the folder where the run's place is relative. */
export function pluginsFrom(folder: string, records: readonly PluginRecord[]): PluginRecord[] {
  return records.map((record) =>
    record.from === undefined || !isAbsolute(record.from) || isAbsolute(folder)
      ? record
      : { ...record, from: asPath(relative(folder, record.from)) },
  );
}

/** A relative path that is none of a package. */
const asPath = (path: string) => (/^\.{1,2}[\\/]/.test(path) ? path : `./${path}`);

/** How to give a command the plugin of a run; from code where there is no module. */
function flagOf(folder: string, { from }: PluginRecord): string {
  if (from === undefined) return "--plugin with the path of a module that exports it";
  if (!isModulePath(from)) return `--plugin ${printableName(from, 300)}`;
  const path = isAbsolute(from) ? from : join(folder, from);
  return `--plugin ${printableName(isAbsolute(path) ? path : asPath(path), 300)}`;
}

/** A plugin as messages call it. */
const shown = ({ name, version }: PluginRecord) =>
  `the plugin "${printableName(name)}"${version === undefined ? "" : ` ${printableName(version)}`}`;

const shortly = (digest: string | undefined) => printableName(digest?.slice(0, 19) ?? "no digest");

/** What differs between the plugins of a run and those that are loaded. */
export interface PluginDifference {
  readonly recorded: PluginRecord;
  readonly loaded: PluginRecord;
  /** That they differ, in a sentence without its end. */
  readonly text: string;
}

/** Whether a plugin is what a run was trained with; of one that was given from code, its version alone can tell. */
const isSame = (recorded: PluginRecord, loaded: PluginRecord) =>
  recorded.digest === undefined || loaded.digest === undefined
    ? recorded.version === loaded.version
    : recorded.digest === loaded.digest;

/**
 * Checks that the plugins of a run are loaded: a run folder names them, and loads none by itself.
 *
 * @returns those that are others by now.
 * @throws PluginError for one that is missing, with what to add to the command.
 */
export async function comparePlugins(folder: string): Promise<PluginDifference[]> {
  const records = await readPlugins(folder);
  const missing = records.filter(({ name }) => loadedPlugin(name) === undefined);
  if (missing.length > 0)
    throw new PluginError(
      `${folder}: expected ${missing.map(shown).join(" and ")}, which the run was trained with, received none. ` +
        `A run folder loads no code by itself. Add ${missing.map((record) => flagOf(folder, record)).join(" ")}; from code, loadPlugins.`,
    );
  return records.flatMap((recorded) => {
    const found = loadedPlugin(recorded.name) as PluginRecord;
    if (isSame(recorded, found)) return [];
    const text =
      `${folder}: ${shown(recorded)}, which the run was trained with (${shortly(recorded.digest)}), ` +
      `is another by now (${found.version === undefined ? "" : `${printableName(found.version)}, `}${shortly(found.digest)})`;
    return [{ recorded, loaded: found, text }];
  });
}

/** What to tell whoever uses a run whose plugins have changed since. @throws as {@link comparePlugins}. */
export async function pluginNotices(folder: string): Promise<string[]> {
  return (await comparePlugins(folder)).map(
    ({ text }) => `${text}: what the network gives may be other than it was`,
  );
}

/**
 * Checks that a run goes on with the plugins it was trained with, and no others.
 *
 * @param given the plugins that were given now.
 * @throws PluginError naming the one that is missing, changed or too many, and how to go on.
 */
export async function checkSamePlugins(
  folder: string,
  given: readonly PluginRecord[],
): Promise<void> {
  const [different] = await comparePlugins(folder);
  if (different !== undefined)
    throw new PluginError(
      `--resume ${different.text}; with another it would not be the same run. Bring its files back as they were, or start a new run: ` +
        `bioflax train --config ${join(folder, "config.json")} ${flagOf(folder, different.recorded)}.`,
    );
  const names = new Set((await readPlugins(folder)).map(({ name }) => name));
  const other = given.find(({ name }) => !names.has(name));
  if (other !== undefined)
    throw new PluginError(
      `--resume ${folder}: expected ${names.size === 0 ? "no plugin" : `the plugins ${[...names].map((name) => printableName(name)).join(", ")} alone`}, ` +
        `as the run was trained, received ${shown(other)}. Leave it out, or start a new run with it: ` +
        `bioflax train --config ${join(folder, "config.json")} ${flagOf(".", other)}.`,
    );
}
