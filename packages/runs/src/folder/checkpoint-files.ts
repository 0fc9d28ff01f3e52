import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { makeFolder } from "@bioflax/datasets/node";
import { type CheckpointFile, decodeCheckpoint } from "./checkpoint";
import { readRunFile } from "./read-run-file";
import { writeAtomically, writingFailed } from "./write-atomically";

/** Where a run folder has its checkpoints. */
export const CHECKPOINTS = "checkpoints";

/** Which checkpoint: of where training stopped, or of the end of the best epoch. */
export type CheckpointName = "last" | "best";

/** The path of a checkpoint of a run folder. */
export function checkpointPath(folder: string, name: CheckpointName): string {
  return join(folder, CHECKPOINTS, `${name}.safetensors`);
}

/**
 * Writes a checkpoint, whole or not at all. @param check as {@link writeAtomically}. @throws BioflaxError when it
 * cannot be written.
 */
export async function writeCheckpoint(
  folder: string,
  name: CheckpointName,
  bytes: Uint8Array,
  check?: () => Promise<void>,
): Promise<void> {
  await check?.();
  const path = join(folder, CHECKPOINTS);
  await makeFolder(path).catch((error) => {
    throw writingFailed(path, error);
  });
  await writeAtomically(checkpointPath(folder, name), bytes, check);
}

/** A checkpoint of a run folder; undefined when there is none. @throws BioflaxError when it cannot be used. */
async function readIfThere(
  folder: string,
  name: CheckpointName,
): Promise<CheckpointFile | undefined> {
  const path = checkpointPath(folder, name);
  const bytes = await readRunFile(path);
  return bytes && decodeCheckpoint(bytes, path);
}

/**
 * The checkpoint that a run goes on from: the last one; the best one when there is no other yet.
 *
 * @returns undefined when there is none.
 * @throws BioflaxError when it cannot be used, saying what else there is. Nothing else is used in its stead.
 */
export async function readCheckpoint(folder: string): Promise<CheckpointFile | undefined> {
  try {
    return (await readIfThere(folder, "last")) ?? (await readIfThere(folder, "best"));
  } catch (error) {
    if (!(error instanceof BioflaxError)) throw error;
    throw new BioflaxError(`${error.message}\n${await remedy(folder)}`, { cause: error });
  }
}

/** What to do about a checkpoint that cannot be used. */
async function remedy(folder: string): Promise<string> {
  const anew = `to train from the beginning, remove ${join(folder, CHECKPOINTS)}.`;
  const best = await readIfThere(folder, "best").catch(() => undefined);
  return best === undefined
    ? `If there is a copy of it, put that in its place; ${anew}`
    : `${checkpointPath(folder, "best")} is whole: copy it over the last one to go on after epoch ${best.content.progress.epochs}; or, ${anew}`;
}
