import { join } from "node:path";
import { cacheFolder } from "../files/cache-folder";
import type { PublishedFile } from "../files/download";
import type { DownloadOptions } from "../files/download-options";
import { completeFolder } from "../files/published-set";
import type { Published } from "../files/read-file";

/** Where an archive is looked for, and where it comes from when it is not there. */
export interface ArchivePlaces {
  readonly cache: string;
  /** The address of the archive, to the last slash. */
  readonly baseUrl: string;
  readonly archive: PublishedFile;
}

/** Where Krizhevsky publishes both sets. */
export const cifarUrl = "https://www.cs.toronto.edu/~kriz/";

/** The place of a set on this machine, and its archive as Krizhevsky publishes it. */
export function cifarPlaces(name: string, archive: PublishedFile): ArchivePlaces {
  return {
    cache: join(cacheFolder(), name),
    baseUrl: cifarUrl,
    archive,
  };
}

/**
 * Finds an archive in the cache, or downloads it into that.
 *
 * @returns its path, and what it must be.
 * @throws BioflaxError when it is not there and cannot be downloaded, saying what to put where; the signal's reason
 *   when that comes.
 */
export async function findArchive(
  { cache, baseUrl, archive }: ArchivePlaces,
  options: DownloadOptions,
): Promise<{ place: string; published: Published }> {
  await completeFolder({ baseUrl, files: [archive] }, cache, () => false, options);
  return {
    place: join(cache, archive.name),
    published: {
      sha256: archive.sha256,
      remedy:
        "Delete the file to have it downloaded again, or name a file or folder to use another on purpose.",
    },
  };
}
