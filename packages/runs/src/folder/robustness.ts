import { join } from "node:path";
import {
  parseRobustness,
  ROBUSTNESS_FILE,
  type RobustnessRecord,
  withRobustness,
} from "@bioflax/runs";
import { readRunFile } from "./read-run-file";
import { writeAtomically } from "./write-atomically";

/** What attacks on a run came to; nothing where nobody attacked it. @throws RunFolderError when the file is broken. */
export async function readRobustness(path: string): Promise<readonly RobustnessRecord[]> {
  const file = join(path, ROBUSTNESS_FILE);
  return parseRobustness((await readRunFile(file))?.toString("utf8"), file);
}

/**
 * Adds what attacks came to to a run folder, in place of what the same attacks came to before; whole or not at all.
 *
 * @throws RunFolderError when the file that is there is broken; BioflaxError when it cannot be written.
 */
export async function addRobustness(
  path: string,
  added: readonly RobustnessRecord[],
): Promise<void> {
  const records = added.reduce(withRobustness, await readRobustness(path));
  await writeAtomically(join(path, ROBUSTNESS_FILE), `${JSON.stringify(records, null, 2)}\n`);
}
