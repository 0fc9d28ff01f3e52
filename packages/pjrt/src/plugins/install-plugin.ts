import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  fetchWheels,
  type OnProgress,
  type Remedies,
  thisMachine,
  WheelError,
} from "@bioflax/wheels";
import { cacheFolder } from "./cache-folder";
import { type KnownPlugin, knownPlugin, type PluginName } from "./known-plugins";
import { PluginError } from "./plugin-error";

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
  await fetchWheels(plugin.wheels, folder, {
    ...{ python, env, room: plugin.room, onProgress, remedies },
  }).catch(asPluginError);
  const library = join(folder, plugin.library);
  if (!existsSync(library))
    throw new PluginError({
      fault: "file",
      reason: `${folder} was installed, but has no ${plugin.library}.`,
      remedy: `Remove that folder and install the plugin again.`,
    });
  return library;
}

/** What a plugin's user can do besides. */
const remedies: Remedies = {
  python: (usual) => `${usual}, or name another Python with --python.`,
  space: (usual) => `${usual}, or have the cache elsewhere (PJRT_CACHE).`,
  wheel: () => "A plugin that was got otherwise is loaded by its path.",
};

/** @throws PluginError for what is in the way of wheels. */
function asPluginError(error: unknown): never {
  if (!(error instanceof WheelError)) throw error;
  const { fault, reason, remedy } = error;
  throw new PluginError(
    { fault: fault === "wheel" ? "platform" : fault, reason, remedy },
    { cause: error },
  );
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
