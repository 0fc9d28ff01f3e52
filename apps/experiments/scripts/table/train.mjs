import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { courseOf } from "./course.mjs";
import { runBioflax } from "./run-bioflax.mjs";

/** Runs `bioflax train` and returns its summary, the last line of its output; progress goes to our stderr. */
async function summaryOf(options, cwd) {
  let output = "";
  const status = await runBioflax(["train", ...options, "--json"], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
    onOutput(text) {
      output += text;
    },
  });
  if (status !== 0)
    throw new Error(`bioflax train ${options.join(" ")} ended with status ${status}.`);
  return JSON.parse(output.trimEnd().split("\n").at(-1));
}

/**
 * Trains once.
 *
 * @param cwd the folder the command runs in.
 * @returns the summary of the run, with its course.
 */
export async function train(options, cwd) {
  const { folder, ...summary } = await summaryOf(options, cwd);
  const text = readFileSync(join(resolve(cwd, folder), "metrics.jsonl"), "utf8");
  const records = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  return { ...summary, ...courseOf(records) };
}
