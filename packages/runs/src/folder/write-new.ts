import { randomBytes } from "node:crypto";
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { makeFolder } from "@bioflax/datasets/node";
import { writeAtomically, writingFailed } from "./write-atomically";

/**
 * Checks that nothing is at a path yet.
 *
 * @param option the option it was given by, for errors.
 * @throws BioflaxError otherwise. Nothing is ever overwritten.
 */
export async function checkNew(path: string, option = "--out"): Promise<void> {
  if (path === "")
    throw new BioflaxError(`${option}: expected a path, received an empty one. Name a new file.`);
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw writingFailed(path, error);
  });
  if (found === undefined) return;
  throw new BioflaxError(
    `${path}: expected a path where nothing is yet, received a ${found.isDirectory() ? "folder" : "file"}. ` +
      `Choose another ${option}, or move it away.`,
  );
}

async function makeParent(path: string): Promise<void> {
  await makeFolder(dirname(path)).catch((error) => {
    throw writingFailed(path, error);
  });
}

/**
 * Writes a new file whole or not at all, with the folders it is in. @throws BioflaxError when it is there, or cannot be
 * written.
 */
export async function writeNewFile(path: string, data: string | Uint8Array): Promise<void> {
  await checkNew(path);
  await makeParent(path);
  await writeAtomically(path, data);
}

/**
 * Writes a new folder with all its files or not at all.
 *
 * @throws BioflaxError when it is there already, or cannot be written.
 */
export async function writeNewFolder(
  path: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  await checkNew(path);
  await makeParent(path);
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  await mkdir(temporary).catch((error) => {
    throw writingFailed(path, error);
  });
  try {
    for (const [name, data] of Object.entries(files))
      await writeAtomically(join(temporary, name), data);
    await rename(temporary, path).catch((error) => {
      throw writingFailed(path, error);
    });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
}
