import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { checkFolder, type LockHolder, makeFolder, withLock } from "@bioflax/datasets/node";
import { readRunFile, removeTemporaries, writeAtomically, writingFailed } from "@bioflax/runs/node";
import type { RunResult } from "../execute/reporter";
import type { SweepRun } from "../plan/plan-sweep";
import { SLURM } from "../slurm/script";
import {
  encodeSweep,
  parseStoredSweep,
  type StoredSweep,
  SWEEP_FILE,
  type SweepFacts,
} from "./stored-sweep";

/** Where the folders of a sweep's runs are in its own. */
export const RUNS = "runs";
/** The file of a sweep's folder that Optuna keeps its trials in. */
export const JOURNAL = "optuna.journal";
const LOCK = ".lock";
/** How often the list of runs is written anew at most, in milliseconds. */
const WRITE_MS = 1000;

/** The folder of a sweep: its list of runs, and their folders. */
export class SweepFolder {
  #writing = Promise.resolve();
  #writtenAt = Number.NEGATIVE_INFINITY;

  private constructor(readonly path: string) {}

  /**
   * The folder of a sweep that may have been started before.
   *
   * @throws BioflaxError when it holds something else, or cannot be made.
   */
  static async create(path: string): Promise<SweepFolder> {
    await checkFolder(path).catch((error) => {
      throw writingFailed(path, error);
    });
    const entries = await readdir(path).catch((error: NodeJS.ErrnoException): string[] => {
      if (error.code === "ENOENT") return [];
      throw writingFailed(path, error);
    });
    const others = entries.filter((name) => !name.startsWith("."));
    // Only what a sweep leaves that was stopped before it had written its list.
    const isBegun = others.every((name) => name === RUNS || name === JOURNAL);
    if (!others.includes(SWEEP_FILE) && !isBegun)
      throw new BioflaxError(
        `--out ${path}: expected a new or empty folder, or that of a sweep, received one that holds ${others.slice(0, 3).join(", ")}. Choose another --out.`,
      );
    const runs = join(path, RUNS);
    await makeFolder(runs).catch((error) => {
      throw writingFailed(runs, error);
    });
    return new SweepFolder(path);
  }

  /** The folder that the runs' folders are in. */
  get runs(): string {
    return join(this.path, RUNS);
  }

  /**
   * Does some work that no other process does in this folder at the same time. What one that was killed while writing
   * there has left is removed first.
   *
   * @throws BioflaxError naming the process that executes the sweep.
   */
  async exclusively<R>(
    work: () => Promise<R>,
    options: {
      readonly signal?: AbortSignal | undefined;
      readonly onNotice?: (text: string) => void;
    },
  ): Promise<R> {
    let told = false;
    const nameOf = ({ host, pid, since }: LockHolder) =>
      pid === undefined ? "another process" : `process ${pid} on ${host} since ${since}`;
    const tidied = async () => {
      for (const folder of [this.path, join(this.path, SLURM)]) await removeTemporaries(folder);
      return work();
    };
    return withLock(join(this.path, LOCK), tidied, {
      signal: options.signal,
      onWait: (holder) => {
        if (holder.isAlive)
          throw new BioflaxError(
            `${this.path}: expected a sweep that nobody executes, but ${nameOf(holder)} does. Wait for it or stop it; ` +
              `if it is not there any more, delete ${join(this.path, LOCK)}.`,
          );
        if (!told)
          options.onNotice?.(
            `waiting up to half a minute to see whether ${nameOf(holder)} still executes ${this.path}`,
          );
        told = true;
      },
    });
  }

  /**
   * The same runs, under the names that their folders have already in a sweep's: a run that was swept together with
   * other settings before is the same run.
   */
  static async knownNames(path: string, runs: readonly SweepRun[]): Promise<readonly SweepRun[]> {
    const names = await readdir(join(path, RUNS)).catch((): string[] => []);
    const byDigest = new Map(names.map((name) => [name.slice(name.lastIndexOf("-") + 1), name]));
    return runs.map((run) => ({ ...run, name: byDigest.get(run.digest) ?? run.name }));
  }

  /** What came of runs when the sweep was executed before, by their names. */
  async results(): Promise<ReadonlyMap<string, RunResult>> {
    // A list that is broken is made anew.
    const stored = await readStoredSweep(this.path).catch(() => undefined);
    return new Map(
      stored?.runs.flatMap(({ name, result }) => (result ? [[name, result as RunResult]] : [])),
    );
  }

  /**
   * Writes the list of runs, with what came of them, at most once a second.
   *
   * @param isLast whether it is written at once.
   */
  async write(
    facts: SweepFacts,
    runs: readonly { readonly run: SweepRun; readonly result?: RunResult | undefined }[],
    isLast: boolean,
  ): Promise<void> {
    if (!isLast && performance.now() - this.#writtenAt < WRITE_MS) return;
    this.#writtenAt = performance.now();
    this.#writing = this.#writing.then(() =>
      writeAtomically(join(this.path, SWEEP_FILE), encodeSweep(facts, runs, this.path)),
    );
    await this.#writing;
  }
}

/** Reads the list of a sweep's runs. @throws BioflaxError when a folder holds none. */
export async function readStoredSweep(path: string): Promise<StoredSweep> {
  const file = join(path, SWEEP_FILE);
  // A file has no files in it, which readRunFile would tell of in the system's words.
  const isFile = await stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  );
  if (isFile)
    throw new BioflaxError(
      `${path}: expected the folder of a sweep, but it is a file. Give the folder that \`bioflax sweep\` made of it.`,
    );
  const bytes = await readRunFile(file);
  if (bytes !== undefined) return parseStoredSweep(bytes.toString("utf8"), file);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  throw new BioflaxError(
    `${path}: expected the folder of a sweep, but ${isThere ? `there is no ${SWEEP_FILE} in it` : "there is no such folder"}. Give one that \`bioflax sweep\` made.`,
  );
}
