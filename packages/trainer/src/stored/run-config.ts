import { join } from "node:path";
import { readRunFile } from "../../../runs/src/folder/read-run-file";
import { RunFolderError } from "../../../runs/src/records/run-folder-error";
import type { Config } from "../config/schema";
import { parseConfig } from "../resolve/parse-config";
import { ConfigError, type ConfigSource, resolveConfig, withoutCommand } from "../resolve/resolve";

/** The name of the file in a run folder. */
export const CONFIG = "config.json";

/** The settings of a run: as its `config.json` has them, and with all that they stand for. */
export interface RunConfig {
  readonly source: ConfigSource;
  /** Paths in it are relative to the working directory, or absolute. */
  readonly config: Config;
}

/**
 * Reads `config.json` of a run folder.
 *
 * @throws RunFolderError when it is not there or not what a run writes, saying how to have it again.
 */
export async function readRunConfig(folder: string): Promise<RunConfig> {
  const file = join(folder, CONFIG);
  const bytes = await readRunFile(file);
  if (bytes === undefined)
    throw new RunFolderError(
      `${file}: expected the settings of the run, but there is no such file.`,
    );
  try {
    const source = { file, folder, values: await parseConfig(file, bytes.toString("utf8")) };
    return { source, config: withoutCommand(resolveConfig(source)) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RunFolderError(
      `${error.message}${/[.?]$/.test(error.message) ? "" : "."}\nBring the file back as it was; the run's checkpoints have its settings, too, in their headers.`,
      { cause: error },
    );
  }
}
