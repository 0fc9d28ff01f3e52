import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { listFolder } from "../files/own-folder";

/** The images and the labels of one half of a data set, by the names of their files. */
export interface IdxPair {
  readonly images: string;
  /** Names the labels may have: the first that is there is read. */
  readonly labels: readonly string[];
}

/** The four files of a data set in idx format. */
export interface IdxFiles {
  readonly train: IdxPair;
  readonly test: IdxPair;
}

/** The files of MNIST, as they were first published; many sets have their names. */
export const mnistFiles: IdxFiles = {
  train: { images: "train-images-idx3-ubyte", labels: ["train-labels-idx1-ubyte"] },
  test: { images: "t10k-images-idx3-ubyte", labels: ["t10k-labels-idx1-ubyte"] },
};

/** The names of all files of a set, in their order, of the labels the first. */
export function namesOf({ train, test }: IdxFiles): string[] {
  return [train, test].flatMap(({ images, labels }) => [images, labels[0] as string]);
}

/** SHA-256 in hex of each file, unzipped, by its name. */
export type IdxDigests = Readonly<Record<string, string>>;

/** A folder of idx files. */
export interface IdxFolder {
  /** The folder's path. */
  readonly directory: string;
  /** What its files are called; as MNIST's when left out. */
  readonly files?: IdxFiles;
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

/** Which of the names a folder of these files has, by any spelling: undefined where it has none of them. */
export function presentSpelling(
  names: readonly string[],
  present: readonly string[],
): string | undefined {
  return names.flatMap(spellingsOf).find((spelling) => present.includes(spelling));
}

/**
 * Finds a file in a folder, by any of the names it goes by.
 *
 * @param folder where to look.
 * @param names the published name, or several of which the first that is there is meant.
 * @returns the file's path, and the one of the names that it has.
 * @throws BioflaxError when the folder cannot be read or holds no such file.
 */
export async function findIdxFile(
  { directory, remedy }: IdxFolder,
  names: readonly string[],
): Promise<{ path: string; name: string }> {
  const present = await listFolder(directory, "idx files", remedy);
  for (const name of names) {
    const found = presentSpelling([name], present);
    if (found !== undefined) return { path: join(directory, found), name };
  }
  throw new BioflaxError(
    `${directory}: expected one of ${names.flatMap(spellingsOf).join(", ")}, received a folder without it. ${remedy}`,
  );
}

/** Which files of MNIST's names a folder has, in their order; none where there is no folder. */
export async function presentMnistFiles(directory: string): Promise<boolean[]> {
  const present = await readdir(directory).catch((): string[] => []);
  return namesOf(mnistFiles).map((name) => presentSpelling([name], present) !== undefined);
}
