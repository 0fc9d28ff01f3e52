import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Answer, Greeting } from "./protocol";

/** How to start a contender. */
export interface ContenderSetup {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that are other than this process's; undefined for none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How long a contender may take to say what it is. */
const START_MS = 60_000;

/** Process groups to end when this process ends, however it does. */
const groups = new Set<number>();
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)
  process.once(signal, () => process.exit(code));
process.once("exit", () => {
  for (const group of groups) kill(group);
});

/** Ends a process and those it has started: compilers have some of their own. */
function kill(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Starts a program in a process group of its own, which ends with this process. */
export function startGroup({ command, args, env }: Omit<ContenderSetup, "name">): ChildProcess & {
  end(): void;
} {
  const child = spawn(command, [...args], { env: { ...process.env, ...env }, detached: true });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const end = () => {
    if (pid === undefined || !groups.delete(pid)) return;
    kill(pid);
  };
  child.once("exit", end);
  return Object.assign(child, { end });
}

/** A program in a process of its own that trains when it is asked to: whatever becomes of it, the others go on. */
export class Contender {
  readonly name: string;
  /** What it says of itself; undefined before it has started. */
  greeting: Greeting | undefined;
  /** Why there is no more of it. */
  ended: string | undefined;
  #child: ReturnType<typeof startGroup> | undefined;
  #next: (() => Promise<string>) | undefined;
  #said = "";

  constructor(readonly setup: ContenderSetup) {
    this.name = setup.name;
  }

  /** Starts it, or starts it again after it has ended. */
  async start(): Promise<void> {
    this.ended = undefined;
    this.#said = "";
    const child = startGroup(this.setup);
    this.#child = child;
    const failed = new Promise<never>((_, reject) => child.once("error", reject));
    failed.catch(() => {});
    child.stdin?.on("error", () => {});
    child.stderr?.on("data", (chunk) => {
      this.#said = (this.#said + chunk).slice(-2000);
    });
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    const iterator = lines[Symbol.asyncIterator]();
    this.#next = async () => {
      const { value, done } = await Promise.race([iterator.next(), failed]);
      if (done) throw new Error(`it ended${this.#lastWords()}`);
      return value as string;
    };
    this.greeting = (await this.#within<Greeting>(START_MS)) ?? this.greeting;
  }

  /** Asks; whoever takes longer than the limit is ended. */
  async ask(request: object, limitMs: number): Promise<Answer> {
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
    this.#child?.end();
  }
}
