import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder a program keeps what it fetched in: what a variable of its own says, else a folder of its name in
 * `XDG_CACHE_HOME` or `~/.cache`.
 *
 * @param name the folder's name, such as `my-program` or `my-company/my-program`.
 * @param variable the variable's name, such as `MY_PROGRAM_CACHE`.
 * @returns an absolute path; the folder need not exist yet.
 */
export function cacheFolder(
  name: string,
  variable: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const own = env[variable];
  if (own) return resolve(own);
  const { XDG_CACHE_HOME: shared = "" } = env;
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(shared) ? shared : join(homedir(), ".cache"), name);
}
