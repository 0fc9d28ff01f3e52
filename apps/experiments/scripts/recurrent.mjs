// Which rules learn which delay? A recurrent network under every rule that can teach one is to tell the symbol that a
// stream showed so many steps before its end:
//   pnpm --filter experiments run recurrent [--model rnn] [--rules bp,fa] [--delays 1,2,4,8,12] [--seeds 0,1,2] [--projection broadcast] [--resume]
// Prints a Markdown table, and leaves it in results/recurrent.md (of another model in results/recurrent-MODEL.md, of another projection in -PROJECTION.md) with
// the numbers behind it in a .json beside it, both written anew after every run. --resume keeps the runs already there, of other rules,
// delays and seeds, too.
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
const other = earlier.find((one) => one.epochs !== Number(epochs));
if (other !== undefined) {
  console.error(
    `${path}.json has runs of ${other.epochs} epochs, not ${epochs}: give --epochs ${other.epochs}, or leave --resume out for a table anew.`,
  );
  process.exit(2);
}
const others = earlier.filter((one) => !planned.some((plan) => isSame(one, plan)));
const results = [...others];
const all = others.length + planned.length;
const shownOf = (key, asked) => [...new Set([...others.map((one) => one[key]), ...asked])];
const shownRules = shownOf("rule", rules);
const shownSeeds = shownOf("seed", seeds.map(Number)).sort((a, b) => a - b);
const columns = shownOf("delay", delays.map(Number)).sort((a, b) => a - b);
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
    results.length < all ? `Unfinished: ${results.length} of ${all} runs are done.\n\n` : "";
  writeFile(`${path}.json`, `${JSON.stringify({ command, results }, null, 2)}\n`);
  writeFile(
    `${path}.md`,
    `${delayTable(results, shownRules, columns)}

${unfinished}Test accuracy (%) after ${epochs} epochs of the recipe \`copy-bp\` with the model ${model}${projection ? ` and --feedback-projection ${projection}` : ""}, mean ± standard deviation over the seeds ${shownSeeds.join(", ")}; by chance it is 33.
Made by${others.length > 0 ? `, but for ${others.length} runs of other settings that were there before` : ""}:

    ${command}
`,
  );
}
console.log(delayTable(results, shownRules, columns));
