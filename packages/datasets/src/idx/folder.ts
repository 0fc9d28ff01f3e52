import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";

/** The four files of the MNIST layout, as they were first published. */
export const idxFiles = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/** One of them. */
export type IdxFileName = (typeof idxFiles)[number];

/** SHA-256 in hex of each of the four files, unzipped. */
export type IdxDigests = { readonly [F in IdxFileName]: string };

/** A folder of idx files in the MNIST layout. */
export interface IdxFolder {
  /** The folder's path. */
  readonly directory: string;
  /** What the files must be; when missing, any file of the right form will do. */
  readonly digests?: IdxDigests;
  /** What to do about a file that is missing or not what it must be, in a sentence. */
  readonly remedy: string;
}

/** What a file may be called: a dot before `idx`, and an ending `.gz`, are fine too. */
function spellingsOf(name: string): readonly string[] {
  const dotted = name.replace("-idx", ".idx");
  return [name, dotted, `${name}.gz`, `${dotted}.gz`];
}

/** The four files, in that order, as a folder holds them: undefined for one that it lacks, or where there is no folder. */
export async function presentIdxFiles(directory: string): Promise<(string | undefined)[]> {
  const present = await readdir(directory).catch((): string[] => []);
  return idxFiles.map((name) => spellingsOf(name).find((spelling) => present.includes(spelling)));
}

/**
 * Finds a file of the MNIST layout in a folder, by any of the names it goes by.
 *
 * @param folder where to look.
 * @param name the published name.
 * @returns the file's path.
 * @throws BioflaxError when the folder cannot be read or holds no such file.
 */
export async function findIdxFile(
  { directory, remedy }: IdxFolder,
  name: IdxFileName,
): Promise<string> {
  const present = await readdir(directory).catch((error: Error) => {
    throw new BioflaxError(
      `${directory}: expected a folder of idx files, received ${error.message}. Check the path of the folder.`,
      { cause: error },
    );
  });
  const spellings = spellingsOf(name);
  const found = spellings.find((spelling) => present.includes(spelling));
  if (found === undefined) {
    throw new BioflaxError(
      `${directory}: expected one of ${spellings.join(", ")}, received a folder without it. ${remedy}`,
    );
  }
  return join(directory, found);
}
