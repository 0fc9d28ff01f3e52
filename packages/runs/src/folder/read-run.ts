import { type Dirent, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nearest } from "@bioflax/core";
import type { Config } from "../../../trainer/src/config/schema";
import { parseRecords, parseSummary } from "../records/parse-records";
import { readRunFile } from "./read-run-file";
import type { EpochRecord, Summary } from "../records/records";
import { CONFIG, readRunConfig } from "../../../trainer/src/stored/run-config";
import { RunFolderError } from "../records/run-folder-error";

/** A run, as its folder holds it. */
export interface StoredRun {
  /** The folder. */
  readonly path: string;
  /** The resolved settings; paths in it are relative to the working directory, or absolute. */
  readonly config: Config;
  /** The completed epochs; measurements that were not finite are NaN. */
  readonly records: readonly EpochRecord[];
  /** How it ended; missing of a run that is still going on, or was killed. */
  readonly summary?: Summary;
}

/**
 * Reads `config.json`, `metrics.jsonl` and `summary.json` of a run folder; the weights are left alone.
 *
 * Of `metrics.jsonl`, a last line without its end is left out: it is being written, or its run was killed.
 *
 * @param path the folder.
 * @throws RunFolderError when it is no run folder, or when one of the files is broken, naming it.
 * @example
 * const { config, records, summary } = await readRun("runs/mnist-fa-20250131-090507");
 */
export async function readRun(path: string): Promise<StoredRun> {
  await checkIsRun(path);
  const file = (name: string) => join(path, name);
  const [{ config }, metrics, ending] = await Promise.all([
    readRunConfig(path),
    readRunFile(file("metrics.jsonl")),
    readRunFile(file("summary.json")),
  ]);
  const summary = ending && parseSummary(ending.toString("utf8"), file("summary.json"));
  return {
    path,
    config,
    records: parseRecords(metrics?.toString("utf8") ?? "", file("metrics.jsonl")),
    ...(summary && { summary }),
  };
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
  if (!entries.some(({ name }) => name === CONFIG))
    refuse(`but it holds no ${CONFIG}. ${insteadOf(path, entries)}`);
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
    (entry) => entry.isDirectory() && existsSync(join(path, entry.name, CONFIG)),
  );
  return runs.length === 0
    ? "Give one that `bioflax train` made."
    : `There are ${runs.length} runs in it: give ${join(path, runs.length === 1 ? (runs[0] as Dirent).name : "*/")}.`;
}
