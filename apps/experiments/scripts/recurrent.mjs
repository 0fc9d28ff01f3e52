// Which rules learn which delay? A recurrent network under every rule that can teach one is to tell the symbol that a
// stream showed so many steps before its end:
//   pnpm --filter experiments run recurrent [--model rnn] [--rules bp,fa] [--delays 1,2,4,8,12] [--seeds 0,1,2] [--projection broadcast] [--resume]
// Prints a Markdown table, and leaves it in results/recurrent.md (of another model in results/recurrent-MODEL.md, of another projection in -PROJECTION.md) with
// the numbers behind it in a .json beside it, both written anew after every run. --resume keeps the runs already there.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { delayTable } from "./table/delay-table.mjs";
import { readResults, writeFile } from "./table/results.mjs";
import { train } from "./table/train.mjs";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "rnn" },
    rules: { type: "string", default: "bp,fa,kp,wm,pfa,ldfa,usf,frsf,brsf,dfa,sdfa,dkp,drtp" },
    delays: { type: "string", default: "1,2,4,8,12" },
    seeds: { type: "string", default: "0,1,2" },
    epochs: { type: "string", default: "20" },
    // How errors straight from the output reach layers; for rules that have them come so.
    projection: { type: "string" },
    resume: { type: "boolean", default: false },
  },
});
const { model, epochs, projection } = values;
const [rules, delays, seeds] = [values.rules, values.delays, values.seeds].map((text) =>
  text.split(","),
);
const experiments = fileURLToPath(new URL("..", import.meta.url));
const name = [
  "recurrent",
  ...(model === "rnn" ? [] : [model]),
  ...(projection ? [projection] : []),
].join("-");
const path = join(experiments, "results", name);
const given = process.argv.slice(2).filter((argument) => argument !== "--resume");
const command = ["pnpm --filter experiments run recurrent", ...given].join(" ");

const planned = seeds.flatMap((seed) =>
  delays.flatMap((delay) =>
    rules.map((rule) => ({
      ...{ model, rule, delay: Number(delay), seed: Number(seed), epochs: Number(epochs) },
    })),
  ),
);
const isSame = (a, b) => Object.keys(b).every((key) => a[key] === b[key]);
const earlier = values.resume ? readResults(`${path}.json`) : [];
const results = [];
const columns = delays.map(Number).sort((a, b) => a - b);
for (const [index, plan] of planned.entries()) {
  let result = earlier.find((one) => isSame(one, plan));
  if (result === undefined) {
    const { rule, delay, seed } = plan;
    console.error(
      `run ${index + 1} of ${planned.length}: ${rule}, a delay of ${delay}, seed ${seed}`,
    );
    const { test } = await train(
      [
        ...["--config", "recipes/copy-bp.yaml", "--model", model, "--mode", rule],
        ...["--delay", String(delay), "--seed", String(seed), "--epochs", epochs, "--quiet"],
        ...(projection ? ["--feedback-projection", projection] : []),
      ],
      experiments,
    );
    result = { ...plan, accuracy: test.accuracy };
  }
  results.push(result);
  const unfinished =
    results.length < planned.length
      ? `Unfinished: ${results.length} of ${planned.length} runs.\n\n`
      : "";
  writeFile(`${path}.json`, `${JSON.stringify({ command, results }, null, 2)}\n`);
  writeFile(
    `${path}.md`,
    `${delayTable(results, rules, columns)}

${unfinished}Test accuracy (%) after ${epochs} epochs of the recipe \`copy-bp\` with the model ${model}${projection ? ` and --feedback-projection ${projection}` : ""}, mean ± standard deviation over the seeds ${seeds.join(", ")}; by chance it is 33.
Made by:

    ${command}
`,
  );
}
console.log(delayTable(results, rules, columns));
