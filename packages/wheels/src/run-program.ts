import { spawn } from "node:child_process";

/** How a program is run. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Ends the program after so many milliseconds. */
  readonly timeout?: number;
  /** Told each line it prints, on either stream. */
  readonly onLine?: (line: string) => void;
}

/** What a program left when it ended. */
export interface Ran {
  /** Its exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. @returns undefined where there is no such program. @throws what else kept it from
 * starting.
 */
export function runProgram(
  command: string,
  args: readonly string[],
  { env, cwd, timeout, onLine }: RunOptions = {},
): Promise<Ran | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      env: { ...process.env, ...env },
      ...(cwd !== undefined && { cwd }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    // Not spawn's own, which goes on waiting for a program that is not there.
    const timer =
      timeout === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeout);
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        said[name] += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() as string;
        for (const line of lines) onLine?.(line);
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (error.code === "ENOENT" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    child.on("close", (status, signal) => {
      clearTimeout(timer);
      resolve({ status, signal, ...said });
    });
  });
}

/** The last line of what a program said that is not empty. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
