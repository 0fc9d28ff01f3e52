import { access, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BioflaxError, sentence } from "@bioflax/core";
import { checkFolder, type LockHolder, lockHolder, makeFolder } from "@bioflax/datasets/node";
import {
  CONFIG_FILE,
  type ConfigRecord,
  type EpochRecord,
  ROBUSTNESS_FILE,
  type Summary,
} from "@bioflax/runs";
import { CHECKPOINTS, type CheckpointName, writeCheckpoint } from "./checkpoint-files";
import { LineLog } from "./line-log";
import { readRunFile } from "./read-run-file";
import { LOCK, withRunLock } from "./run-lock";
import { isTemporary, removeTemporaries, writeAtomically, writingFailed } from "./write-atomically";

const METRICS = "metrics.jsonl";

/** The folder of one run, and the names of the files in it. */
export class RunFolder {
  #metrics: LineLog | undefined;
  /** Done before each change; it throws when somebody else writes the folder by now. */
  #check: (() => Promise<void>) | undefined;

  private constructor(readonly path: string) {}

  /**
   * Makes the folder of a new run: `out`, or one under `runs/` named after what is trained and the time.
   *
   * @param place where it is to be, and what is trained, as `mnist-fa`.
   * @param now the time in its name.
   * @throws BioflaxError when it holds something already, or cannot be made.
   */
  static async create(
    { out, name }: { readonly out?: string | undefined; readonly name: string },
    now: Date,
  ): Promise<RunFolder> {
    const path = out ?? join("runs", `${name}-${timestamp(now)}`);
    if (out === undefined) return new RunFolder(await makeNew(path));
    await checkFree(path);
    await makeFolder(path).catch((error) => {
      throw writingFailed(path, error);
    });
    return new RunFolder(path);
  }

  /**
   * The folder of a run that has been started before.
   *
   * @throws BioflaxError when it holds no run.
   */
  static async open(path: string): Promise<RunFolder> {
    const folder = new RunFolder(path);
    if (await folder.has(CONFIG_FILE)) return folder;
    const entries = await readdir(path).catch(() => undefined);
    const runs: string[] = [];
    for (const entry of entries ?? [])
      if (await RunFolder.holdsRun(join(path, entry))) runs.push(entry);
    if (runs.length > 0)
      throw new BioflaxError(
        `--resume ${path}: expected the folder of a run, but it holds those of ${runs.sort().join(", ")}. Give one of them, or go on with all by the command ` +
          "that began them and --resume-or-start.",
      );
    const found =
      entries === undefined
        ? "there is no such folder"
        : `there is no ${CONFIG_FILE} in it, so nothing was trained yet`;
    throw new BioflaxError(
      `--resume ${path}: expected the folder of a run, but ${found}. Check the path, or start a run with --out.`,
    );
  }

  /** Who is writing a run folder now, as far as can be told without waiting; undefined where nobody is. */
  static writer(path: string): Promise<LockHolder | undefined> {
    return lockHolder(join(path, LOCK));
  }

  /** Whether a path is the folder of a run that has been started before. */
  static holdsRun(path: string): Promise<boolean> {
    return new RunFolder(path).has(CONFIG_FILE);
  }

  /** The path of one of its files. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Whether it has a file. */
  async has(name: string): Promise<boolean> {
    return access(this.file(name)).then(
      () => true,
      () => false,
    );
  }

  /**
   * Does some work that no other process does in this folder at the same time. From then on, whatever is written here
   * fails when the folder is gone, or another's.
   *
   * @throws BioflaxError naming the process that is writing it.
   */
  exclusively<R>(
    work: () => Promise<R>,
    options: { signal?: AbortSignal | undefined; onNotice?: (text: string) => void } = {},
  ): Promise<R> {
    const begin = (check: () => Promise<void>) => {
      this.#check = check;
      return work();
    };
    return withRunLock(this.path, this.file(LOCK), begin, options);
  }

  /** Writes the settings. */
  async writeConfig(config: ConfigRecord): Promise<void> {
    await this.#writeJson(CONFIG_FILE, config);
  }

  /** Writes a file of bytes or text. */
  async write(name: string, data: string | Uint8Array): Promise<void> {
    await writeAtomically(this.file(name), data, this.#check);
  }

  /**
   * Makes it what it was when a checkpoint was written: later lines of `metrics.jsonl` go, and what is there only when
   * a run has ended, and what processes that were killed have left.
   *
   * @param metricsBytes how many bytes of `metrics.jsonl` stay.
   */
  async goBackTo(metricsBytes: number): Promise<void> {
    await this.#check?.();
    for (const folder of [".", CHECKPOINTS]) await removeTemporaries(this.file(folder));
    if (metricsBytes === 0) await this.#remove(METRICS);
    else this.#metrics = await LineLog.continue(this.file(METRICS), metricsBytes);
    // Last: should anything fail before, a run that is done still is.
    for (const name of [ROBUSTNESS_FILE, "summary.json", "final.safetensors"])
      await this.#remove(name);
  }

  async #remove(name: string): Promise<void> {
    await rm(this.file(name), { force: true }).catch((error) => {
      throw writingFailed(this.file(name), error);
    });
  }

  /** How many bytes `metrics.jsonl` has. */
  get metricsBytes(): number {
    return this.#metrics?.bytes ?? 0;
  }

  /** Writes a checkpoint, after the lines of `metrics.jsonl` that it counts on. */
  async writeCheckpoint(name: CheckpointName, bytes: Uint8Array): Promise<void> {
    await this.#metrics?.sync();
    await writeCheckpoint(this.path, name, bytes, this.#check);
  }

  /** Adds an epoch to `metrics.jsonl`. */
  async appendMetrics(record: EpochRecord): Promise<void> {
    await this.#check?.();
    this.#metrics ??= await LineLog.create(this.file(METRICS));
    await this.#metrics.append(record);
  }

  /** Writes `summary.json`. */
  async writeSummary(summary: Summary): Promise<void> {
    await this.#writeJson("summary.json", summary);
  }

  /** What `summary.json` says; undefined when a run has not ended. @throws BioflaxError when it is broken. */
  async readSummary(): Promise<Summary | undefined> {
    const path = this.file("summary.json");
    const bytes = await readRunFile(path);
    if (bytes === undefined) return undefined;
    try {
      return JSON.parse(bytes.toString("utf8")) as Summary;
    } catch (error) {
      throw new BioflaxError(
        `${path}: expected the summary of a run, but ${sentence((error as Error).message)} Delete it to resume the run.`,
        { cause: error },
      );
    }
  }

  /** Brings `metrics.jsonl` to the disk. */
  async close(): Promise<void> {
    await this.#metrics?.close();
    this.#metrics = undefined;
  }

  async #writeJson(name: string, value: unknown): Promise<void> {
    await this.write(name, `${JSON.stringify(value, null, 2)}\n`);
  }
}

/**
 * Checks that a folder can become a run's: that it is empty, or not there yet.
 *
 * @param flag the option that names it.
 * @throws BioflaxError otherwise. Nothing is ever overwritten.
 */
export async function checkFree(path: string, flag = "out"): Promise<void> {
  await checkFolder(path).catch((error) => {
    throw writingFailed(path, error);
  });
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw writingFailed(path, error);
  });
  // What a process leaves that is killed before it has written anything is nothing.
  const taken = entries.filter((name) => !isTemporary(name) && !name.startsWith(LOCK));
  if (taken.length === 0) return;
  const holdsRun = taken.includes(CONFIG_FILE);
  const what = holdsRun ? "one that holds a run" : `one that holds ${taken.slice(0, 3).join(", ")}`;
  const rather = holdsRun ? `; or go on with that run: bioflax train --resume ${path}` : "";
  throw new BioflaxError(
    `--${flag} ${path}: expected a new or empty folder, received ${what}. Choose another --${flag}, or move that folder away${rather}.`,
  );
}

/** Makes a folder that was not there, numbering the path if it is taken. */
async function makeNew(path: string): Promise<string> {
  try {
    await makeFolder(dirname(path));
    for (let number = 1; ; number++) {
      const candidate = number === 1 ? path : `${path}-${number}`;
      try {
        await mkdir(candidate);
        return candidate;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  } catch (error) {
    throw writingFailed(path, error);
  }
}

/** `20250131-235959`, in local time. */
function timestamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${date}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
