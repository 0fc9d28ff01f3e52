import { sentence } from "@bioflax/core";
import { readRegularFile } from "@bioflax/datasets/node";
import { RunFolderError } from "@bioflax/runs";

/**
 * Reads a file of a run folder.
 *
 * @returns undefined when it is not there.
 * @throws RunFolderError when it cannot be read, or is no file: a pipe would keep its reader waiting for ever.
 */
export async function readRunFile(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  return readRegularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new RunFolderError(`${path}: expected a readable file, but ${sentence(error.message)}`, {
      cause: error,
    });
  });
}
