// Trains recipes over several seeds and makes one page that compares them:
//   pnpm --filter experiments run report-rules [RECIPE...] [--seeds 0,1,2] [--epochs 5] [--out PAGE]
// Without recipes: MNIST under bp, fa, kp and dfa. Run folders are left in runs/report-rules, and those that are done
// are not trained again.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { report } from "@bioflax/trainer";
import { isDone, trainRecipe } from "./train-recipe.mjs";

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

for (const [index, { recipe, seed, out }] of planned.entries()) {
  if (await isDone(out)) continue;
  console.error(`run ${index + 1} of ${planned.length}: ${recipe}, seed ${seed}`);
  await trainRecipe(recipe, { epochs, seed, out });
}
const made = await report(
  planned.map(({ out }) => out),
  { out: page ?? join("runs", "report-rules.html") },
);
console.log(resolve(made));
