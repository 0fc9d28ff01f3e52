import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, Greeting, Request } from "./protocol";

/** How to start a contender. */
export interface ContenderSetup {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How long a contender may take to say what it is. */
const START_MS = 60_000;

/** A program in a process of its own that trains when it is asked to: whatever becomes of it, the others go on. */
export class Contender {
  readonly name: string;
  /** What it runs on, in its own words; undefined before it has started. */
  about: string | undefined;
  /** Why there is no more of it. */
  ended: string | undefined;
  #child: ChildProcess | undefined;
  #next: (() => Promise<string>) | undefined;
  #said = "";

  constructor(readonly setup: ContenderSetup) {
    this.name = setup.name;
  }

  async start(): Promise<void> {
    const { command, args, env } = this.setup;
    const child = spawn(command, [...args], { env: { ...process.env, ...env } });
    this.#child = child;
    child.on("error", () => {});
    child.stdin?.on("error", () => {});
    child.stderr?.on("data", (chunk) => {
      this.#said = (this.#said + chunk).slice(-2000);
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#next = async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`it ended${this.#lastWords()}`);
      return value as string;
    };
    const greeting = await this.#within<Greeting>(START_MS);
    if (greeting !== undefined) this.about = greeting.about;
  }

  /** Asks; whoever takes longer than the limit is ended. */
  async ask(request: Request, limitMs: number): Promise<Answer> {
    if (this.ended !== undefined) return { error: this.ended };
    this.#child?.stdin?.write(`${JSON.stringify(request)}\n`);
    return (await this.#within<Answer>(limitMs)) ?? { error: this.ended ?? "it ended" };
  }

  async #within<T>(limitMs: number): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${limitMs / 1000} s`)), limitMs);
    });
    try {
      return JSON.parse(await Promise.race([(this.#next as () => Promise<string>)(), late])) as T;
    } catch (error) {
      this.ended = (error as Error).message;
      this.stop();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #lastWords(): string {
    const lines = this.#said.trim().split("\n");
    return lines[0] === "" ? "" : `: ${lines.at(-1)}`;
  }

  stop(): void {
    this.#child?.kill("SIGKILL");
  }
}
