import { join } from "node:path";
import type { Network } from "@bioflax/core";
import { NETWORK_FILE, parseNetwork, type StoredNetwork } from "@bioflax/runs";
import { readRunFile } from "./read-run-file";

/**
 * Reads `network.json` of a run folder.
 *
 * @param folder the run's.
 * @throws RunFolderError when it is not there, or describes no network.
 */
export async function readNetwork(folder: string): Promise<StoredNetwork & { network: Network }> {
  const path = join(folder, NETWORK_FILE);
  const bytes = await readRunFile(path);
  return parseNetwork(bytes?.toString("utf8"), path);
}
