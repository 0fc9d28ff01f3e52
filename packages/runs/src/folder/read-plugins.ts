import { join } from "node:path";
import { PLUGINS_FILE, type PluginRecord, parsePlugins } from "@bioflax/runs";
import { readRunFile } from "./read-run-file";

/**
 * Reads which plugins a run was trained with; none of them is loaded.
 *
 * @param folder the run's.
 * @throws RunFolderError for a broken `plugins.json`.
 */
export async function readPlugins(folder: string): Promise<readonly PluginRecord[]> {
  const path = join(folder, PLUGINS_FILE);
  return parsePlugins((await readRunFile(path))?.toString("utf8"), path);
}
