import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A Python program that answers a line with a line. */
export interface Peer {
  /** What it says of itself when it starts: its library's version. */
  readonly version: string;
  /** Sends a line. @returns the line that comes back. */
  ask(line: string): Promise<string>;
  close(): void;
}

/** Lines of a process, one at a time. @throws Error when it ends before it has said anything more. */
function reader(child: ChildProcess): () => Promise<string> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const iterator = lines[Symbol.asyncIterator]();
  return async () => {
    const { value, done } = await iterator.next();
    if (done) throw new Error("The Python program ended without an answer.");
    return value as string;
  };
}

/**
 * Starts one of the programs beside this file.
 *
 * @param python the interpreter; that of `benchmarks/.venv` if there is one, else `python3`, when left out.
 * @returns undefined where there is no such interpreter, or it lacks the program's libraries.
 */
export async function startPeer(
  program: string,
  python = existsSync(".venv/bin/python") ? ".venv/bin/python" : "python3",
): Promise<Peer | undefined> {
  const child = spawn(python, [join("peers", program)], { stdio: ["pipe", "pipe", "ignore"] });
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  const next = reader(child);
  try {
    const version = await next();
    return {
      version,
      ask(line) {
        child.stdin?.write(`${line}\n`);
        return next();
      },
      close: () => child.kill(),
    };
  } catch {
    return undefined;
  }
}
