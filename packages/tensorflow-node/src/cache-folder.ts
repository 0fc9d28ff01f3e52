import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * The folder TensorFlow is kept in: `TENSORFLOW_NODE_CACHE`, or `tensorflow-node` in `XDG_CACHE_HOME` or `~/.cache`.
 */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  if (env.TENSORFLOW_NODE_CACHE) return resolve(env.TENSORFLOW_NODE_CACHE);
  const { XDG_CACHE_HOME: shared = "" } = env;
  // The XDG specification has relative paths ignored.
  return join(isAbsolute(shared) ? shared : join(homedir(), ".cache"), "tensorflow-node");
}
