import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The program behind the command `bioflax`. */
export function bioflaxProgram() {
  const manifest = createRequire(import.meta.url).resolve("@bioflax/trainer/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.bioflax);
}

/**
 * Runs the command `bioflax`.
 *
 * @param onOutput told what it prints, where `stdio` has a pipe for it.
 * @returns its status.
 */
export function runBioflax(args, { onOutput, ...options }) {
  const child = spawn(process.execPath, [bioflaxProgram(), ...args], options);
  child.stdout?.on("data", onOutput);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
}
