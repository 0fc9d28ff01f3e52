import { mkdir, readdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { BioflaxError } from "@bioflax/core";
import type { Config } from "../config/schema";
import { settings } from "../config/settings";
import { rulesOf } from "../experiment/network";
import { LineLog } from "./line-log";
import type { EpochRecord, Summary } from "./records";
import { writeAtomically, writingFailed } from "./write-atomically";

/** The folder of one run, and the names of the files in it. */
export class RunFolder {
  #metrics: LineLog | undefined;

  private constructor(readonly path: string) {}

  /**
   * Makes the folder of a new run: `config.out`, or one under `runs/` named after the data set, its rules and the time.
   *
   * @param now the time in its name.
   * @throws BioflaxError when it holds something already, or cannot be made.
   */
  static async create(config: Config, now: Date): Promise<RunFolder> {
    const rules = [...new Set(rulesOf(config))].join("-");
    const path = config.out ?? join("runs", `${config.dataset}-${rules}-${timestamp(now)}`);
    if (config.out === undefined) return new RunFolder(await makeNew(path));
    await checkFree(path);
    await mkdir(path, { recursive: true }).catch((error) => {
      throw writingFailed(path, error);
    });
    return new RunFolder(path);
  }

  /** The path of one of its files. */
  file(name: string): string {
    return join(this.path, name);
  }

  /** Writes the resolved settings, such that `--config` takes them: where paths are relative, they are to this folder. */
  async writeConfig({ out: _out, ...config }: Config): Promise<void> {
    const paths = settings
      .filter(({ path, key }) => path && Object.hasOwn(config, key))
      .map(({ key }) => key as "init");
    const moved = Object.fromEntries(
      paths.map((key) => [key, this.#seenFromHere(config[key] as string)]),
    );
    await this.#writeJson("config.json", { ...config, ...moved });
  }

  #seenFromHere(path: string): string {
    return isAbsolute(path) ? path : relative(resolve(this.path), resolve(path));
  }

  /** Writes a file of bytes or text. */
  async write(name: string, data: string | Uint8Array): Promise<void> {
    await writeAtomically(this.file(name), data);
  }

  /** Adds an epoch to `metrics.jsonl`. */
  async appendMetrics(record: EpochRecord): Promise<void> {
    this.#metrics ??= await LineLog.create(this.file("metrics.jsonl"));
    await this.#metrics.append(record);
  }

  /** Writes `summary.json`. */
  async writeSummary(summary: Summary): Promise<void> {
    await this.#writeJson("summary.json", summary);
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
 * @throws BioflaxError otherwise. Nothing is ever overwritten.
 */
export async function checkFree(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === "ENOENT") return [];
    throw writingFailed(path, error);
  });
  if (entries.length === 0) return;
  const what = entries.includes("config.json")
    ? "one that holds a run"
    : `one that holds ${entries.slice(0, 3).join(", ")}`;
  throw new BioflaxError(
    `--out ${path}: expected a new or empty folder, received ${what}. Choose another --out, or move that folder away.`,
  );
}

/** Makes a folder that was not there, numbering the path if it is taken. */
async function makeNew(path: string): Promise<string> {
  try {
    await mkdir(dirname(path), { recursive: true });
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
