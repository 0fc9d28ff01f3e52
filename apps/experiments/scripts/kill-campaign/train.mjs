import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The program behind the command `bioflax`. */
function bioflaxProgram() {
  const manifest = createRequire(import.meta.url).resolve("@bioflax/trainer/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.bioflax);
}

/**
 * Starts `bioflax train`.
 *
 * @returns a function that kills it as `kill -9` does, and a promise of whether it was killed first; it is rejected when the
 *   command fails.
 */
export function train(options) {
  const child = spawn(process.execPath, [bioflaxProgram(), "train", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.on("data", (text) => {
    told += text;
  });
  const ended = new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      if (status === 0 || signal === "SIGKILL") done({ killed: signal === "SIGKILL" });
      else
        reject(
          new Error(`bioflax train ${options.join(" ")} ended with status ${status}:\n${told}`),
        );
    });
  });
  return { kill: () => child.kill("SIGKILL"), ended };
}
