// What do products in bfloat16 do to accuracy? Every rule's recipe on MNIST in float32 and in bfloat16, in turn, from
// the same weights:
//   pnpm --filter experiments run bfloat16 [--seeds 0,1,2] [--epochs 3] [--batch-size 128] [--resume]
// Takes a processor with AMX, and `bioflax devices --install tensorflow`. Prints a Markdown table, and leaves it in
// results/bfloat16.md with the numbers behind it in results/bfloat16.json, both written anew after every run. --resume
// keeps the runs already there.
import { readdirSync } from "node:fs";
import { cpus } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { precisionTable } from "./table/precision-table.mjs";
import { readResults, writeFile } from "./table/results.mjs";
import { train } from "./table/train.mjs";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "0,1,2" },
    epochs: { type: "string", default: "3" },
    "batch-size": { type: "string", default: "128" },
    threads: { type: "string", default: "1" },
    resume: { type: "boolean", default: false },
  },
});
const { seeds, epochs, threads, "batch-size": batchSize } = values;
const experiments = fileURLToPath(new URL("..", import.meta.url));
const path = join(experiments, "results", "bfloat16");
const recipes = readdirSync(join(experiments, "recipes"))
  .filter((file) => /^mnist-.*\.yaml$/.test(file))
  .map((file) => basename(file, ".yaml"));
const given = process.argv.slice(2).filter((argument) => argument !== "--resume");
const command = ["pnpm --filter experiments run bfloat16", ...given].join(" ");

const planned = seeds.split(",").flatMap((text) =>
  recipes.flatMap((recipe) =>
    ["float32", "bfloat16"].map((precision) => ({
      ...{ recipe, precision, seed: Number(text), epochs: Number(epochs) },
      batchSize: Number(batchSize),
    })),
  ),
);
const isSame = (a, b) => Object.keys(b).every((key) => a[key] === b[key]);
const earlier = values.resume ? readResults(`${path}.json`) : [];
const results = [];
for (const [index, plan] of planned.entries()) {
  let result = earlier.find((one) => isSame(one, plan));
  if (result === undefined) {
    const { recipe, precision, seed } = plan;
    console.error(`run ${index + 1} of ${planned.length}: ${recipe}, ${precision}, seed ${seed}`);
    const { test, versions } = await train(
      [
        ...["--config", `recipes/${recipe}.yaml`, "--seed", String(seed), "--epochs", epochs],
        ...["--batch-size", batchSize, "--engine", "eager", "--device", "tensorflow"],
        ...["--precision", precision, "--threads", threads, "--quiet"],
      ],
      experiments,
    );
    result = { ...plan, test, versions, processor: cpus()[0]?.model };
  }
  results.push(result);
  const { versions, processor } = result;
  const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const unfinished =
    results.length < planned.length
      ? `Unfinished: ${results.length} of ${planned.length} runs are done.\n`
      : "";
  const text = `${precisionTable(results)}

${unfinished}Test accuracy after ${epochs} epochs of batches of ${batchSize}, mean ± standard deviation over the seeds ${seeds}; differences in points, bfloat16 less
float32, of the same seed: mean (lowest – highest). Engine eager on tensorflow, ${processor}; ${libraries.join(", ")}.
Made by:

    ${command}
`;
  writeFile(`${path}.md`, text);
  writeFile(`${path}.json`, `${JSON.stringify({ command, results }, null, 2)}\n`);
  if (results.length === planned.length) console.log(text);
}
