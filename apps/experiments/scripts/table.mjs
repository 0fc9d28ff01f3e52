// Runs recipes over several seeds and tabulates what came of them:
//   pnpm --filter experiments run table --name mnist mnist-bp mnist-fa [--seeds 0,1,2] [-- any option of bioflax train]
// Prints a Markdown table, and leaves it in results/<name>.md with the numbers behind it in results/<name>.json, both
// written anew after every run. --resume keeps the runs already there that the same recipe, options and seed made.
// --epochs-shown 10,50,100 adds the test results after these epochs, and the angles after the last.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readConfig } from "@bioflax/trainer";
import { fingerprint, readResults, writeResults } from "./table/results.mjs";
import { train } from "./table/train.mjs";

const experiments = fileURLToPath(new URL("..", import.meta.url));

/** `0,1,2` → [0, 1, 2]; undefined for anything but whole numbers from `from`. */
function wholeNumbers(text, from) {
  const numbers = text.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  return numbers.every((number) => number >= from) ? numbers : undefined;
}

function usage() {
  console.error(
    "Usage: table --name NAME RECIPE... [--seeds 0,1,2] [--epochs-shown 10,50] [--resume] [-- OPTION...]",
  );
  process.exit(2);
}

const { values, positionals, tokens } = parseArgs({
  allowPositionals: true,
  tokens: true,
  options: {
    name: { type: "string" },
    seeds: { type: "string", default: "0,1,2" },
    "epochs-shown": { type: "string" },
    resume: { type: "boolean", default: false },
  },
});
const end = tokens.find(({ kind }) => kind === "option-terminator");
const extra = end === undefined ? [] : process.argv.slice(2).slice(end.index + 1);
const recipes = positionals.slice(0, positionals.length - extra.length);
const seeds = wholeNumbers(values.seeds, 0) ?? usage();
const shown = values["epochs-shown"];
const epochsShown = shown === undefined ? [] : (wholeNumbers(shown, 1) ?? usage());
if (values.name === undefined || recipes.length === 0) usage();

const path = join(experiments, "results", values.name);
const plan = [];
for (const recipe of recipes) {
  const file = `recipes/${recipe}.yaml`;
  const sources = await readConfig(join(experiments, file));
  // A recipe is all the files it goes on from, too.
  const texts = sources.map((source) => readFileSync(source.file, "utf8")).join("");
  plan.push({ recipe, file, made: fingerprint(texts, extra) });
}
const earlier = values.resume ? readResults(`${path}.json`) : [];
const reusable = ({ recipe, made }, seed) =>
  earlier
    .filter((result) => result.recipe === recipe)
    .flatMap(({ runs = [] }) => runs)
    .find((run) => run.made === made && run.seed === seed);

const planned = plan.length * seeds.length;
const shownArguments = process.argv.slice(2).filter((argument) => argument !== "--resume");
const command = ["pnpm --filter experiments run table", ...shownArguments].join(" ");
// What is kept is there from the start: a run that fails must not cost it.
const results = plan.map((entry) => ({
  recipe: entry.recipe,
  runs: seeds.flatMap((seed) => reusable(entry, seed) ?? []),
}));
let text = "";
const write = () => {
  text = writeResults(path, { results, command, seeds, epochsShown, planned });
};
const kept = results.flatMap(({ runs }) => runs).length;
if (kept > 0) {
  console.error(`kept ${kept} of ${planned} runs`);
  write();
}
let number = kept;
for (const [index, { recipe, file, made }] of plan.entries()) {
  const { runs } = results[index];
  for (const seed of seeds.filter((seed) => !runs.some((run) => run.seed === seed))) {
    number++;
    console.error(`run ${number} of ${planned}: ${recipe}, seed ${seed}`);
    const options = ["--config", file, "--seed", String(seed), ...extra];
    runs.push({ seed, made, ...(await train(options, experiments)) });
    runs.sort((a, b) => a.seed - b.seed);
    write();
  }
}
console.log(text);
