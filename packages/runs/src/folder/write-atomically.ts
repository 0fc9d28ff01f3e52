import { randomBytes } from "node:crypto";
import { access, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BioflaxError, sentence } from "@bioflax/core";
import { tooManyFiles } from "./too-many-files";

/** What a person can do about the usual reasons. */
const remedies: Readonly<Record<string, string | ((path?: string) => string)>> = {
  ENOSPC: "the disk is full. Free some space, or choose another place with --out",
  EDQUOT: "the disk quota is used up. Free some space, or choose another place with --out",
  EACCES: "writing is not permitted. Check the permissions, or choose another place with --out",
  EPERM: "writing is not permitted. Check the permissions, or choose another place with --out",
  EROFS: "the file system is read-only. Choose another place with --out",
  ENOTDIR: (path) =>
    `part of the path is a file${path === undefined ? "" : `: ${path}`}. Choose another place with --out`,
  ENOENT: "the folder is gone. Was it moved or deleted during the run?",
  EMFILE: tooManyFiles,
  ENFILE: tooManyFiles,
};

/** Of a file or a folder that the system has no place for, as below `/proc`. */
const NO_PLACE = "it cannot be created there. Choose another place with --out";

/**
 * The error to raise for a path that cannot be written.
 *
 * @param isFolderThere whether the folder it is to be written in is known to be there.
 */
export function writingFailed(path: string, error: unknown, isFolderThere = false): BioflaxError {
  const { code = "", message, path: part, syscall } = error as NodeJS.ErrnoException;
  // Nothing is gone where the system creates nothing.
  const isRefused = syscall === "mkdir" || (syscall === "open" && isFolderThere);
  const remedy = code === "ENOENT" && isRefused ? NO_PLACE : remedies[code];
  const reason = (typeof remedy === "function" ? remedy(part) : remedy) ?? message;
  return new BioflaxError(`${path}: expected to be able to write it, but ${sentence(reason)}`, {
    cause: error,
  });
}

/** What a temporary file is called; a process that is killed may leave one. */
const TEMPORARY = /^\..+\.[0-9a-f]{12}\.tmp$/;

/** Whether a file is one that somebody was writing. */
export function isTemporary(name: string): boolean {
  return TEMPORARY.test(name);
}

/**
 * Removes what processes that were killed were writing in a folder; it is for who holds the folder's lock.
 *
 * @throws BioflaxError when that cannot be removed.
 */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => []);
  for (const path of names.filter(isTemporary).map((name) => join(folder, name)))
    await rm(path, { force: true }).catch((error) => {
      throw writingFailed(path, error);
    });
}

/** Brings the names in a folder to the disk, so that a file that was renamed is found there after a power cut. */
async function syncFolder(path: string): Promise<void> {
  // Windows has no such thing.
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Writes a file whole or not at all: into a temporary file beside it, to the disk, and only then under its name.
 *
 * @param check done last before that; what it throws leaves everything as it was.
 * @throws BioflaxError when it cannot be written; what was there before is still there, and nothing half-written.
 */
export async function writeAtomically(
  path: string,
  data: string | Uint8Array,
  check?: () => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await check?.();
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof BioflaxError) throw error;
    const isFolderThere = await access(dirname(path)).then(
      () => true,
      () => false,
    );
    throw writingFailed(path, error, isFolderThere);
  }
}
