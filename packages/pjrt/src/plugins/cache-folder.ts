import { cacheFolder as folderOfCache } from "@bioflax/wheels";

/** The folder plugins are kept in: `PJRT_CACHE`, or `bioflax/pjrt` in `XDG_CACHE_HOME` or `~/.cache`. */
export const cacheFolder = (env?: Readonly<Record<string, string | undefined>>): string =>
  folderOfCache("bioflax/pjrt", "PJRT_CACHE", env);
