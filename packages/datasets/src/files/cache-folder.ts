import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder downloads are kept in: `BIOFLAX_CACHE`, or `bioflax` in `XDG_CACHE_HOME`, or `~/.cache/bioflax`.
 *
 * @param env the environment; the process's own when left out.
 * @returns an absolute path; the folder need not exist yet.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env) {
  if (env.BIOFLAX_CACHE) return resolve(env.BIOFLAX_CACHE);
  const { XDG_CACHE_HOME: shared = "" } = env;
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(shared) ? shared : join(homedir(), ".cache"), "bioflax");
}
