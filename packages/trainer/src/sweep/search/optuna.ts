import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BioflaxError, sentence } from "@bioflax/core";
import type { Goal } from "../spec/goal";
import type { SearchSpec } from "../spec/search-spec";

/** Values that Optuna proposes, and what has become of them. */
export interface Trial {
  readonly number: number;
  readonly state: "running" | "complete" | "pruned" | "fail" | "waiting";
  /** By setting. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** The program that speaks with Optuna: beside `dist`, or `src`. */
function bridgeFile(): string {
  const [first, second] = ["..", "../../.."].map((up) =>
    fileURLToPath(new URL(`${up}/python/optuna_bridge.py`, import.meta.url)),
  ) as [string, string];
  return existsSync(first) ? first : second;
}

/** Optuna, in a process of a Python that has it. */
export class Optuna {
  readonly #process: ChildProcess;
  readonly #python: string;
  readonly #answers: AsyncIterator<string>;
  #said = "";
  #failed: Error | undefined;
  /** Requests are answered one after another. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(python: string) {
    this.#python = python;
    this.#process = spawn(python, ["-u", bridgeFile()], {
      // Ctrl-C is for the sweep alone.
      detached: process.platform !== "win32",
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#process.on("error", (error) => {
      this.#failed = error;
    });
    this.#process.stdin?.on("error", () => {});
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-2000);
    });
    const lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream });
    this.#answers = lines[Symbol.asyncIterator]();
  }

  /**
   * Opens a study, which goes on where it was.
   *
   * @param study.journal the file that keeps it.
   * @returns Optuna, and the trials there are already.
   * @throws BioflaxError where there is no such Python or it has no Optuna, saying what to do, and for what Optuna refuses.
   */
  static async open(
    { python = "python3", sampler = "TPE", pruner, seed = 0, space }: SearchSpec,
    study: { readonly journal: string; readonly name: string; readonly goal: Goal },
  ): Promise<{
    readonly optuna: Optuna;
    readonly version: string;
    readonly trials: readonly Trial[];
  }> {
    const optuna = new Optuna(python);
    try {
      const opened = (await optuna.#ask({
        do: "open",
        ...study,
        sampler,
        pruner,
        seed,
        space,
      })) as {
        version: string;
        trials: Trial[];
      };
      return { optuna, ...opened };
    } catch (error) {
      optuna.close();
      throw error;
    }
  }

  /** A new trial. */
  async ask(): Promise<Trial> {
    return (await this.#ask({ do: "ask" })) as Trial;
  }

  /** Tells what a trial has come to at a step. @returns whether it is to end there. */
  async report(number: number, step: number, value: number): Promise<boolean> {
    return ((await this.#ask({ do: "report", number, step, value })) as { prune: boolean }).prune;
  }

  /** Tells how a trial ended: with a value, or pruned. */
  async tell(number: number, value: number | undefined): Promise<void> {
    await this.#ask({ do: "tell", number, ...(value !== undefined && { value }) });
  }

  /** Ends the process. */
  close(): void {
    this.#process.stdin?.end();
  }

  #ask(request: object): Promise<unknown> {
    const answer = this.#last.then(() => this.#askNow(request));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #askNow(request: object): Promise<unknown> {
    this.#process.stdin?.write(`${JSON.stringify(request)}\n`);
    const { value: line } = await this.#answers.next();
    if (line === undefined) throw this.#gone();
    const { ok, error } = JSON.parse(line) as { ok?: unknown; error?: string };
    if (error?.startsWith("missing:")) throw this.#missing(`${this.#python} has no Optuna`);
    if (error !== undefined) throw new BioflaxError(`search: Optuna refuses: ${sentence(error)}`);
    return ok;
  }

  #gone(): BioflaxError {
    if (this.#failed !== undefined) return this.#missing(`there is no ${this.#python}`);
    return new BioflaxError(
      `search: Optuna's process ended, saying: ${sentence(this.#said.trim().split("\n").at(-1) || "nothing")}`,
    );
  }

  #missing(why: string): BioflaxError {
    return new BioflaxError(
      `search: expected a Python that has Optuna, but ${why}. Install it (pip install optuna), or name another with --python.`,
    );
  }
}
