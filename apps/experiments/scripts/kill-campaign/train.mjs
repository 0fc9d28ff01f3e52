import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The program behind the command `bioflax`. */
function bioflaxProgram() {
  const manifest = createRequire(import.meta.url).resolve("@bioflax/trainer/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.bioflax);
}

/** The status of a run that a signal has stopped. */
const INTERRUPTED = 130;

/**
 * Starts `bioflax train`.
 *
 * @returns a function that sends it a signal, and a promise of how it ended: `done`, by a signal that it `heard`, or
 *   `killed` by one; it is rejected when the command fails.
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
      if (status === 0) done("done");
      else if (status === INTERRUPTED) done("heard");
      else if (signal !== null) done("killed");
      else
        reject(
          new Error(`bioflax train ${options.join(" ")} ended with status ${status}:\n${told}`),
        );
    });
  });
  return { send: (signal) => child.kill(signal), ended };
}
