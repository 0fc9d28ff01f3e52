import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache-folder";
import { fetchWheels, isComplete } from "./fetch-wheels";
import { type KnownPlugin, knownPlugin, type PluginName } from "./known-plugins";
import { thisMachine } from "./platform";
import { PluginError } from "./plugin-error";
import type { OnProgress } from "./progress";
import { findPip } from "./python";

/** Where a plugin is installed. */
export interface CacheOptions {
  /** Where plugins are kept: `PJRT_CACHE`, or `bioflax/pjrt` in `XDG_CACHE_HOME` or `~/.cache`, when left out. */
  readonly cache?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a plugin is installed. */
export interface InstallOptions extends CacheOptions {
  /** The command of a Python whose pip is used; when left out, the active environment's, `python3` or `python`. */
  readonly python?: string | undefined;
  readonly onProgress?: OnProgress;
}

/** The folder of the cache that a plugin's wheels are unpacked in: another one for another version. */
export function folderOf(
  name: PluginName,
  { wheels: [wheel] }: KnownPlugin,
  cache: string,
): string {
  return join(cache, `${name}-${wheel.version}`);
}

/**
 * Installs a plugin by pip into the cache folder: the wheels that this version of the package was made for, whose
 * digests it knows, with the libraries they need. No Python is needed to run it. Where it is installed already, nothing
 * is done.
 *
 * @returns the path of its library, for `loadPlugin`.
 * @throws PluginError for what is in the way: no such plugin for this machine, no pip, network or room.
 * @example
 * const client = await loadPlugin(await installPlugin("cpu")).createClient();
 */
export async function installPlugin(
  name: PluginName,
  {
    env = process.env,
    cache = cacheFolder(env),
    python,
    onProgress = () => {},
  }: InstallOptions = {},
): Promise<string> {
  const plugin = knownPlugin(name, thisMachine());
  const folder = folderOf(name, plugin, cache);
  if (!isComplete(folder)) {
    const pip = await findPip(python, env);
    const [{ name: wheel, version }] = plugin.wheels;
    onProgress({ what: `fetches ${wheel} ${version} from PyPI` });
    await fetchWheels(pip, plugin.wheels, plugin.room, folder, onProgress);
  }
  const library = join(folder, plugin.library);
  if (!existsSync(library))
    throw new PluginError({
      fault: "file",
      reason: `${folder} was installed, but has no ${plugin.library}.`,
      remedy: `Remove that folder and install the plugin again.`,
    });
  return library;
}

/**
 * Removes a plugin that was installed into the cache folder. @returns the folder it was in; undefined when it was not
 * there.
 */
export function uninstallPlugin(
  name: PluginName,
  { env = process.env, cache = cacheFolder(env) }: CacheOptions = {},
): string | undefined {
  const folder = folderOf(name, knownPlugin(name), cache);
  if (!existsSync(folder)) return undefined;
  rmSync(folder, { recursive: true });
  return folder;
}
