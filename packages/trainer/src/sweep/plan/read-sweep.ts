import { readFile } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import { parseConfig } from "../../resolve/parse-config";
import { ConfigError } from "../../resolve/resolve";
import { parseSweep, type SweepPlace } from "../spec/parse-sweep";
import type { SweepInput } from "../spec/sweep-spec";
import { planSweep, type SweepPlan } from "./plan-sweep";

/** What the command line adds to a sweep. */
export type SweepAdditions = Pick<SweepPlace, "flags" | "sets" | "over">;

/**
 * Reads a sweep, lists its runs, and checks the settings of each.
 *
 * @param source the path of a file, YAML or JSON, or what such a file holds; paths in it are relative to the file, or
 *   to the working directory.
 * @throws ConfigError with every problem at once, before anything is run.
 * @example
 * const plan = await readSweep({ base: { dataset: "sinreg" }, product: { lr: [0.01, 0.1] }, seeds: "0..4" });
 * console.log(plan.runs.map(({ name }) => name));
 */
export async function readSweep(source: string | SweepInput): Promise<SweepPlan> {
  return readSweepWith(source, {});
}

/** {@link readSweep}, with what the command line adds. */
export async function readSweepWith(
  source: string | SweepInput,
  additions: SweepAdditions,
): Promise<SweepPlan> {
  if (typeof source !== "string")
    return planSweep(await parseSweep(source, { file: "sweep", name: "sweep", ...additions }));
  const text = await readFile(source, "utf8").catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "there is no such file" : error.message;
    throw new ConfigError([
      `${source}: expected the file of a sweep, but ${reason}. Check the path`,
    ]);
  });
  const place = {
    file: source,
    folder: dirname(source),
    name: basename(source, extname(source)),
    ...additions,
  };
  return planSweep(await parseSweep(await parseConfig(source, text), place));
}
