import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** The program behind the command `bioflax`. */
function bioflaxProgram() {
  const manifest = createRequire(import.meta.url).resolve("@bioflax/trainer/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.bioflax);
}

/** Runs `bioflax train` and returns its summary, the last line of its output; progress goes to our stderr. */
function summaryOf(options, cwd) {
  const child = spawn(process.execPath, [bioflaxProgram(), "train", ...options, "--json"], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  return new Promise((done, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) done(JSON.parse(output.trimEnd().split("\n").at(-1)));
      else reject(new Error(`bioflax train ${options.join(" ")} ended with status ${status}.`));
    });
  });
}

/** What a table may show of a run beside its summary: the test result of every epoch, and the last angles. */
function courseOf(folder) {
  const records = readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const { alignment = {} } = records.at(-1);
  const read = (key) => records.map(({ test }) => test[key]);
  return {
    course: {
      ...("accuracy" in records[0].test && { accuracy: read("accuracy") }),
      loss: read("loss"),
    },
    angles: { signal: alignment["layers.0.signalAngle"], weights: alignment.weightsAngle },
  };
}

/**
 * Trains once.
 *
 * @param cwd the folder the command runs in.
 * @returns the summary of the run, with its course.
 */
export async function train(options, cwd) {
  const { folder, ...summary } = await summaryOf(options, cwd);
  return { ...summary, ...courseOf(resolve(cwd, folder)) };
}
