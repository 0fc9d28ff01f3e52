import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readSweepResults } from "@bioflax/trainer";
import { courseOf } from "./course.mjs";
import { runBioflax } from "./run-bioflax.mjs";

/**
 * Trains recipes over seeds as one sweep, which goes on with what is in its folder.
 *
 * @param cwd the folder the command runs in.
 * @returns of each recipe the summaries of those of its runs that are done, with their courses; and whether all are.
 */
export async function sweepRecipes({ recipes, seeds, folder, extra, cwd }) {
  const status = await runBioflax(
    [
      ...[
        "sweep",
        "--set",
        `extends=${recipes.map((recipe) => `recipes/${recipe}.yaml`).join(",")}`,
      ],
      ...["--seeds", seeds.join(","), "--out", folder, ...extra],
    ],
    { cwd, stdio: ["ignore", "ignore", "inherit"] },
  );
  const { rows } = await readSweepResults(join(cwd, folder));
  const done = rows.filter((row) => row.status === "done");
  const results = recipes.map((recipe) => ({
    recipe,
    runs: done.filter(({ swept }) => swept.extends === recipe).map(resultOf),
  }));
  return { results, isComplete: status === 0 && done.length === rows.length };
}

function resultOf({ path, seed, records }) {
  const summary = JSON.parse(readFileSync(join(path, "summary.json"), "utf8"));
  return { seed, ...summary, ...courseOf(records) };
}
