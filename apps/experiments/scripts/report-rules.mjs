// Trains recipes over several seeds and makes one page that compares them:
//   pnpm --filter experiments run report-rules [RECIPE...] [--seeds 0,1,2] [--epochs 5] [--out PAGE]
// Without recipes: MNIST under bp, fa, kp and dfa. Run folders are left in runs/report-rules, and those that are done
// are not trained again.
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readRun } from "@bioflax/runs/node";
import { readConfig, report, train } from "@bioflax/trainer";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "0,1,2" },
    epochs: { type: "string", default: "5" },
    out: { type: "string" },
  },
});
const page = values.out && resolve(values.out);
// What follows is relative to apps/experiments, and shown like that on the page.
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const recipes =
  positionals.length > 0 ? positionals : ["mnist-bp", "mnist-fa", "mnist-kp", "mnist-dfa"];
const epochs = Number(values.epochs);
const planned = recipes.flatMap((recipe) =>
  values.seeds.split(",").map((text) => ({
    recipe,
    seed: Number(text),
    out: join("runs", "report-rules", `${recipe}-${epochs}-epochs-seed-${text}`),
  })),
);

/** Whether a run is there, and done; one that was interrupted is removed. */
async function isDone(out) {
  if (!existsSync(out)) return false;
  const { summary } = await readRun(out);
  if (summary?.status === "done") return true;
  rmSync(out, { recursive: true });
  return false;
}

for (const [index, { recipe, seed, out }] of planned.entries()) {
  if (await isDone(out)) continue;
  console.error(`run ${index + 1} of ${planned.length}: ${recipe}, seed ${seed}`);
  // What a recipe extends comes first, and is overridden.
  const sources = await readConfig(join("recipes", `${recipe}.yaml`));
  const settings = Object.assign({}, ...sources.map(({ values }) => values));
  await train({ ...settings, epochs, seed, out });
}
const made = await report(
  planned.map(({ out }) => out),
  { out: page ?? join("runs", "report-rules.html") },
);
console.log(resolve(made));
