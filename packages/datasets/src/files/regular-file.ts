import { constants, type Stats } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** What stands in place of a file, in a word. */
export function kindOf(found: Pick<Stats, "isDirectory" | "isFIFO" | "isSocket">): string {
  if (found.isDirectory()) return "a folder";
  if (found.isFIFO()) return "a pipe";
  return found.isSocket() ? "a socket" : "a device";
}

/**
 * Opens a file to read it. A pipe, from which a reader may wait for ever, or anything else that is no file is refused
 * at once.
 *
 * @throws the operating system's error, or one that says what is there instead.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  // Windows knows no such flag, and no pipes among its files.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const found = await file.stat();
  if (found.isFile()) return file;
  await file.close();
  throw new Error(`it is ${kindOf(found)}`);
}

/** Reads a file whole. @throws as {@link openRegularFile}. @internal */
export async function readRegularFile(path: string): Promise<Buffer<ArrayBuffer>> {
  const file = await openRegularFile(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}
