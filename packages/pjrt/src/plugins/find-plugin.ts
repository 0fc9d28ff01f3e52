import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { activeEnvironment, hasWheels } from "@bioflax/wheels";
import { cacheFolder } from "./cache-folder";
import { type CacheOptions, folderOf } from "./install-plugin";
import { knownPlugin, type PluginName } from "./known-plugins";

/**
 * Looks for a plugin that is on this machine: what `PJRT_NAMES_AND_LIBRARY_PATHS` names, which JAX reads too
 * (`cpu:/path/to.so,…`); what was installed into the cache folder; and the wheels of the active Python environment,
 * such as JAX's.
 *
 * @returns the path of its library, for `loadPlugin`; undefined where there is none.
 */
export function findPlugin(
  name: PluginName,
  { env = process.env, cache = cacheFolder(env) }: CacheOptions = {},
): string | undefined {
  const named = (env.PJRT_NAMES_AND_LIBRARY_PATHS ?? "")
    .split(",")
    .map((pair) => /^([^:]*):(.*)$/.exec(pair.trim()))
    .find((pair) => pair?.[1] === name)?.[2];
  if (named !== undefined) return named;
  const plugin = knownPlugin(name);
  const folder = folderOf(name, plugin, cache);
  if (hasWheels(folder)) return join(folder, plugin.library);
  return sitePackages(activeEnvironment(env))
    .map((packages) => join(packages, plugin.library))
    .find(existsSync);
}

/** Where the packages of a Python environment are. */
function sitePackages(environment: string | undefined): string[] {
  const lib = environment === undefined ? "" : join(environment, "lib");
  if (!existsSync(lib)) return [];
  return readdirSync(lib)
    .filter((name) => /^python3\./.test(name))
    .map((name) => join(lib, name, "site-packages"));
}
