import { join } from "node:path";
import { cacheFolder } from "../files/cache-folder";
import type { DownloadOptions } from "../files/download-options";
import { completeFolder, type PublishedSet } from "../files/published-set";
import { type IdxDigests, type IdxFolder, presentMnistFiles } from "../idx/folder";
import { fashionMnistDigests, publishedFashionMnist } from "./published";

/** Where Fashion-MNIST is looked for, in this order, and where it comes from when it is in neither place. */
export interface FashionMnistPlaces {
  readonly system: string;
  readonly cache: string;
  readonly published: PublishedSet;
  /** What the files must be in either place. */
  readonly digests: IdxDigests;
}

/** The places on this machine. */
export function fashionMnistPlaces(): FashionMnistPlaces {
  return {
    // Where Debian's package dataset-fashion-mnist puts it.
    system: "/usr/share/datasets/fashion-mnist",
    cache: join(cacheFolder(), "fashion-mnist"),
    published: publishedFashionMnist,
    digests: fashionMnistDigests,
  };
}

/**
 * Finds Fashion-MNIST on this machine, or downloads what is missing of it into the cache.
 *
 * @returns the folder it is in, and the digests its files must have.
 * @throws BioflaxError when it is not there and cannot be downloaded, saying what to put where; the signal's reason
 *   when that comes.
 */
export async function findFashionMnist(
  { system, cache, published, digests }: FashionMnistPlaces,
  options: DownloadOptions,
): Promise<IdxFolder> {
  const onPurpose = "or name the folder to use other files on purpose.";
  if ((await presentMnistFiles(system)).every((isThere) => isThere)) {
    return {
      directory: system,
      digests,
      remedy: `Reinstall the package dataset-fashion-mnist, ${onPurpose}`,
    };
  }
  const present = await presentMnistFiles(cache);
  await completeFolder(published, cache, (_, index) => present[index] === true, options);
  return {
    directory: cache,
    digests,
    remedy: `Delete the file to have it downloaded again, ${onPurpose}`,
  };
}
