import { constants } from "node:fs";
import { access, mkdir, readlink, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder, and those it is in, one by one.
 *
 * Not by Node's recursive `mkdir`: that one never returns where the system has no such place, as below `/proc`, and
 * gives other reasons than the system does for a link that leads nowhere or a file on the way.
 *
 * @param path the folder; one that is there already is left alone.
 * @throws the operating system's error; its `path` is the part of the path that is to blame.
 * @internal
 */
export async function makeFolder(path: string): Promise<void> {
  for (const folder of await missingFolders(path))
    await mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
      // Another process may have been first.
      if (error.code !== "EEXIST" || !(await isFolder(folder))) throw error;
    });
}

/**
 * Checks that a folder can be made, as far as that can be seen without making it.
 *
 * @throws as {@link makeFolder}.
 * @internal
 */
export async function checkFolder(path: string): Promise<void> {
  const [first] = await missingFolders(path);
  await access(first === undefined ? path : dirname(first), constants.W_OK);
}

/** The folders on the way to a path, and the path itself, that are not there yet, from the top down. */
async function missingFolders(path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = resolve(path); !(await isFolder(folder)); folder = dirname(folder)) {
    missing.unshift(folder);
    // A drive that is not there.
    if (dirname(folder) === folder) break;
  }
  return missing;
}

/** Whether a folder is there. @throws when something else is, or nobody can tell. */
async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    // Below a file there is nothing; which file that is, the folders above tell.
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
  if (found?.isDirectory()) return true;
  if (found !== undefined)
    throw Object.assign(new Error(`ENOTDIR: not a directory, mkdir '${path}'`), {
      code: "ENOTDIR",
      path,
    });
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined)
    throw Object.assign(new Error(`${path} is a link to ${target}, which is not there`), { path });
  return false;
}
