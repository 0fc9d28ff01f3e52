import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { markdown } from "./markdown.mjs";

/** The results an earlier table left, or none. */
export function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).results;
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw new Error(`${path}: expected the results of a table, but ${error.message}.`);
  }
}

/** Writes a file at once. */
export function writeFile(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function bestBy(runs) {
  const validated = new Set(runs.map(({ val }) => val !== undefined));
  const by = [validated.has(true) && "validation", validated.has(false) && "training loss"];
  return by.filter(Boolean).join(" or, without it, by ");
}

/**
 * Writes the results there are by now, `<path>.json` and, as Markdown, `<path>.md`.
 *
 * @returns the Markdown.
 */
export function writeResults(path, { results, command, seeds, epochsShown, planned }) {
  const runs = results.flatMap((result) => result.runs);
  const { engine, device, threads, versions } = runs[0];
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const unfinished =
    runs.length < planned ? `Unfinished: ${runs.length} of ${planned} runs are done.\n` : "";
  const text = `${markdown(results, epochsShown)}

${unfinished}Mean ± standard deviation over the seeds ${seeds.join(", ")}; the best epoch is chosen by ${bestBy(runs)}. Seconds are by the clock, beside whatever else the machine did.
Engine ${engine} on ${device}, ${threads} threads; ${libraries.join(", ")}. Made by:

    ${command}
`;
  // A course of many epochs takes one line, not one an epoch.
  const json = JSON.stringify({ command, results }, null, 2).replace(
    /\[[\d\s.,e+-]+\]/g,
    (numbers) => numbers.replace(/\s+/g, " "),
  );
  writeFile(`${path}.json`, `${json}\n`);
  writeFile(`${path}.md`, text);
  return text;
}
