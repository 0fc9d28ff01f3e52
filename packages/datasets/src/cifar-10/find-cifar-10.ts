import { join } from "node:path";
import { cacheFolder } from "../files/cache-folder";
import type { DownloadOptions, PublishedFile } from "../files/download";
import { completeFolder } from "../files/published-set";
import type { Published } from "../files/read-file";

/** Where CIFAR-10 is looked for, and where it comes from when it is not there. */
export interface Cifar10Places {
  readonly cache: string;
  /** The address of the archive, to the last slash. */
  readonly baseUrl: string;
  readonly archive: PublishedFile;
}

/** The place on this machine, and the archive as Krizhevsky publishes it. */
export function cifar10Places(): Cifar10Places {
  return {
    cache: join(cacheFolder(), "cifar-10"),
    baseUrl: "https://www.cs.toronto.edu/~kriz/",
    archive: {
      name: "cifar-10-binary.tar.gz",
      bytes: 170052171,
      sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
  };
}

/**
 * Finds the archive of CIFAR-10 in the cache, or downloads it into that.
 *
 * @returns its path, and what it must be.
 * @throws BioflaxError when it is not there and cannot be downloaded, saying what to put where; the signal's reason when
 *   that comes.
 */
export async function findCifar10(
  { cache, baseUrl, archive }: Cifar10Places,
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
