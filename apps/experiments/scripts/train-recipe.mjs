import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readRun } from "@bioflax/runs/node";
import { readConfig, train } from "@bioflax/trainer";

/** Whether a run is there, and done; one that was interrupted is removed. */
export async function isDone(out) {
  if (!existsSync(out)) return false;
  const { summary } = await readRun(out);
  if (summary?.status === "done") return true;
  rmSync(out, { recursive: true });
  return false;
}

/** Trains a recipe of this app, by its own settings but for those that are given. */
export async function trainRecipe(recipe, settings) {
  // What a recipe extends comes first, and is overridden.
  const sources = await readConfig(join("recipes", `${recipe}.yaml`));
  await train(Object.assign({}, ...sources.map(({ values }) => values), settings));
}
