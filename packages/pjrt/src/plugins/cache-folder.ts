import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/** The folder plugins are kept in: `PJRT_CACHE`, or `bioflax/pjrt` in `XDG_CACHE_HOME` or `~/.cache`. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (env.PJRT_CACHE) return resolve(env.PJRT_CACHE);
  const { XDG_CACHE_HOME: shared = "" } = env;
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(shared) ? shared : join(homedir(), ".cache"), "bioflax", "pjrt");
}
