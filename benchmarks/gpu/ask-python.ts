import { execFileSync } from "node:child_process";

/** What a Python prints to some lines of its own; empty where there is none, or it fails. */
export function askPython(lines: string, python = "python3"): string {
  try {
    return execFileSync(python, ["-c", lines], { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  } catch {
    return "";
  }
}
