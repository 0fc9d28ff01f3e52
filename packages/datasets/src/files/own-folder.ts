import { readdir } from "node:fs/promises";
import { BioflaxError } from "@bioflax/core";
import { whyUnusable } from "./failures";

/** Files that a data set is read from, as they are published. */
export interface PublishedPlace {
  /** What they are called. */
  readonly names: readonly string[];
  /** Where they are published: an address, or one and what to do with what is there. */
  readonly from: string;
  /** The folder they are looked for in when none is named. */
  readonly folder: string;
}

/** What to do about files that are not there, in a sentence: which ones, from where, into which folder. */
export function whatToPutWhere({ names, from, folder }: PublishedPlace): string {
  return (
    `Put ${names.join(", ")} from ${from} into ${folder}, ` +
    "or into a folder of your own and name that one (on the command line, --data-dir)."
  );
}

/**
 * The names of what is in a folder.
 *
 * @param what what the folder should hold, for errors: `the files of EMNIST`.
 * @param remedy what to do where it is none, in a sentence.
 * @throws BioflaxError when there is no such folder, or it cannot be read.
 */
export async function listFolder(
  folder: string,
  what: string,
  remedy: string,
): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new BioflaxError(
      `${folder}: expected a folder with ${what}, but ${whyUnusable(error)}. Check the path. ${remedy}`,
      { cause: error },
    );
  });
}
