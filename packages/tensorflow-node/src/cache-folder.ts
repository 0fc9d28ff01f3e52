import { cacheFolder as folderOfCache } from "@bioflax/wheels";

/**
 * The folder TensorFlow is kept in: `TENSORFLOW_NODE_CACHE`, or `tensorflow-node` in `XDG_CACHE_HOME` or `~/.cache`.
 */
export const cacheFolder = (env?: Readonly<Record<string, string | undefined>>): string =>
  folderOfCache("tensorflow-node", "TENSORFLOW_NODE_CACHE", env);
