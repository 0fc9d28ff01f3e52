import { spawn } from "node:child_process";

/** What a program left when it ended. */
export interface Ran {
  /** Its exit status; null where a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, and tells each line it prints. @returns undefined where there is no such program. */
export function runProgram(
  command: string,
  args: readonly string[],
  {
    env = {},
    onLine = () => {},
  }: { env?: Readonly<Record<string, string>>; onLine?: (line: string) => void } = {},
): Promise<Ran | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (chunk: string) => {
        said[name] += chunk;
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() as string;
        for (const line of lines) onLine(line);
      });
    }
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    child.on("close", (status) => resolve({ status, ...said }));
  });
}
