import { BioflaxError } from "@bioflax/core";
import { download, type PublishedFile } from "./download";
import type { DownloadOptions } from "./download-options";
import { whatToPutWhere } from "./own-folder";

/** A data set as it is published: some files beside each other. */
export interface PublishedSet {
  /** Where the files are, to the last slash. */
  readonly baseUrl: string;
  readonly files: readonly PublishedFile[];
}

/**
 * Downloads the files of a set that a folder lacks, one after another.
 *
 * @param isThere says of a file whether the folder has it, be it under another name.
 * @throws BioflaxError as {@link download}, saying what to put where instead; the signal's reason when that comes.
 */
export async function completeFolder(
  { baseUrl, files }: PublishedSet,
  folder: string,
  isThere: (file: PublishedFile, index: number) => boolean,
  options: DownloadOptions,
): Promise<void> {
  const missing = files.filter((file, index) => !isThere(file, index));
  for (const file of missing) {
    await download(file, baseUrl, folder, options).catch((error: unknown) => {
      if (!(error instanceof BioflaxError)) throw error;
      const names = missing.map(({ name }) => name);
      throw new BioflaxError(
        `${error.message} ${whatToPutWhere({ names, from: baseUrl, folder })}`,
        { cause: error },
      );
    });
  }
}
