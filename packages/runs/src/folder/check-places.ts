import { constants, type Stats } from "node:fs";
import { access, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { kindOf } from "@bioflax/datasets/node";
import { CONFIG_FILE, NETWORK_FILE, ROBUSTNESS_FILE, RunFolderError } from "@bioflax/runs";
import { CHECKPOINTS, checkpointPath } from "./checkpoint-files";
import { writingFailed } from "./write-atomically";

const files = [
  CONFIG_FILE,
  NETWORK_FILE,
  "metrics.jsonl",
  "summary.json",
  "initial.safetensors",
  "final.safetensors",
  ROBUSTNESS_FILE,
  "report.html",
  "mlflow.json",
  checkpointPath("", "last"),
  checkpointPath("", "best"),
];
const folders = [".", CHECKPOINTS, "tensorboard"];

/**
 * Checks that whatever a run writes in its folder can be written there, before anything in it is changed: where its
 * files are, are files or nothing, and where its folders are, folders that may be written in or nothing.
 *
 * @throws RunFolderError naming the first that is something else.
 */
export async function checkPlaces(folder: string): Promise<void> {
  for (const name of folders) {
    const path = join(folder, name);
    const found = await at(path);
    if (found === undefined) await refuseLink(path);
    else if (!found.isDirectory())
      throw misplaced(path, "a folder", found.isFile() ? "a file" : kindOf(found));
    else
      await access(path, constants.W_OK).catch((error) => {
        throw writingFailed(path, error);
      });
  }
  for (const name of files) {
    const path = join(folder, name);
    const found = await at(path);
    if (found !== undefined && !found.isFile()) throw misplaced(path, "a file", kindOf(found));
  }
}

/** What is at a path; undefined when nothing is. */
async function at(path: string): Promise<Stats | undefined> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw writingFailed(path, error);
  });
}

/** No folder can be made where a link is that leads nowhere. */
async function refuseLink(path: string): Promise<void> {
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined)
    throw misplaced(path, "a folder", `a link to ${target}, which is not there`);
}

function misplaced(path: string, expected: string, received: string): RunFolderError {
  return new RunFolderError(
    `${path}: expected ${expected} of the run, or nothing, received ${received}. Move it away.`,
  );
}
