import { type Dirent, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "@bioflax/core";
import {
  CONFIG_FILE,
  type ConfigRecord,
  parseConfigRecord,
  parseRecords,
  parseSummary,
  RunFolderError,
  type StoredRun,
} from "@bioflax/runs";
import { readRunFile } from "./read-run-file";
import { readRobustness } from "./robustness";

/**
 * Reads `config.json`, `metrics.jsonl`, `summary.json` and `robustness.json` of a run folder; the weights are left alone.
 *
 * Of `metrics.jsonl`, a last line without its end is left out: it is being written, or its run was killed.
 *
 * @param path the folder.
 * @param options.readConfig reads the settings, given the folder; as they are in the file when left out.
 * @throws RunFolderError when it is no run folder, or when one of the files is broken, naming it.
 * @example
 * const { config, records, summary } = await readRun("runs/mnist-fa-20250131-090507");
 */
export async function readRun<C = ConfigRecord>(
  path: string,
  options: { readonly readConfig?: (folder: string) => Promise<C> } = {},
): Promise<StoredRun<C>> {
  const { readConfig = readConfigRecord as (folder: string) => Promise<C> } = options;
  await checkIsRun(path);
  const file = (name: string) => join(path, name);
  // One after the other: of several faults, the first is reported.
  const config = await readConfig(path);
  const metrics = await readRunFile(file("metrics.jsonl"));
  const ending = await readRunFile(file("summary.json"));
  const robustness = await readRobustness(path);
  const summary = ending && parseSummary(ending.toString("utf8"), file("summary.json"));
  return {
    path,
    config,
    records: parseRecords(metrics?.toString("utf8") ?? "", file("metrics.jsonl")),
    ...(summary && { summary }),
    ...(robustness.length > 0 && { robustness }),
  };
}

/** The settings of a run as its `config.json` has them. @throws RunFolderError when they cannot be read. */
async function readConfigRecord(folder: string): Promise<ConfigRecord> {
  const file = join(folder, CONFIG_FILE);
  return parseConfigRecord((await readConfigFile(folder)).toString("utf8"), file);
}

/** The bytes of a run's `config.json`. @throws RunFolderError when there is none. */
export async function readConfigFile(folder: string): Promise<Buffer> {
  const file = join(folder, CONFIG_FILE);
  const bytes = await readRunFile(file);
  if (bytes === undefined)
    throw new RunFolderError(
      `${file}: expected the settings of the run, but there is no such file.`,
    );
  return bytes;
}

async function checkIsRun(path: string): Promise<void> {
  const refuse = (reason: string, cause?: unknown): never => {
    throw new RunFolderError(`${path}: expected the folder of a run, ${reason}`, { cause });
  };
  const entries = await readdir(path, { withFileTypes: true }).catch(
    async (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return refuse(`but it is not there.${await similar(path)}`);
      if (error.code === "ENOTDIR") return refuse("received a file. Give the folder it is in.");
      return refuse(`but ${error.message}`, error);
    },
  );
  if (!entries.some(({ name }) => name === CONFIG_FILE))
    refuse(`but it holds no ${CONFIG_FILE}. ${insteadOf(path, entries)}`);
}

/** What else may have been meant by a path that is not there. */
async function similar(path: string): Promise<string> {
  const siblings = await readdir(dirname(path)).catch((): string[] => []);
  const guess = nearest(basename(path), siblings);
  return guess === undefined ? " Check the path." : ` Did you mean ${join(dirname(path), guess)}?`;
}

/** What may have been meant by a folder that is no run: the runs in it, if there are any. */
function insteadOf(path: string, entries: readonly Dirent[]): string {
  const runs = entries.filter(
    (entry) => entry.isDirectory() && existsSync(join(path, entry.name, CONFIG_FILE)),
  );
  return runs.length === 0
    ? "Give one that `bioflax train` made."
    : `There are ${runs.length} runs in it: give ${join(path, runs.length === 1 ? (runs[0] as Dirent).name : "*/")}.`;
}
