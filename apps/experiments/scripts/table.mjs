// Runs recipes over several seeds, as one sweep, and tabulates what came of them:
//   pnpm --filter experiments run table --name mnist mnist-bp mnist-fa [--seeds 0,1,2] [-- any option of bioflax sweep]
// Prints a Markdown table, and leaves it in results/<name>.md with the numbers behind it in results/<name>.json. The
// runs are in runs/tables/<name>; started again, it goes on with what is left of them.
// --epochs-shown 10,50,100 adds the test results after these epochs, and the angles after the last.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeResults } from "./table/results.mjs";
import { sweepRecipes } from "./table/sweep.mjs";

const experiments = fileURLToPath(new URL("..", import.meta.url));

/** `0,1,2` → [0, 1, 2]; undefined for anything but whole numbers from `from`. */
function wholeNumbers(text, from) {
  const numbers = text.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
  return numbers.every((number) => number >= from) ? numbers : undefined;
}

function usage() {
  console.error(
    "Usage: table --name NAME RECIPE... [--seeds 0,1,2] [--epochs-shown 10,50] [-- OPTION...]",
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
  },
});
const end = tokens.find(({ kind }) => kind === "option-terminator");
const extra = end === undefined ? [] : process.argv.slice(2).slice(end.index + 1);
const recipes = positionals.slice(0, positionals.length - extra.length);
const seeds = wholeNumbers(values.seeds, 0) ?? usage();
const shown = values["epochs-shown"];
const epochsShown = shown === undefined ? [] : (wholeNumbers(shown, 1) ?? usage());
if (values.name === undefined || recipes.length === 0) usage();

const { results, isComplete } = await sweepRecipes({
  recipes,
  seeds,
  folder: join("runs", "tables", values.name),
  extra,
  cwd: experiments,
});
if (results.some(({ runs }) => runs.length > 0))
  console.log(
    writeResults(join(experiments, "results", values.name), {
      results,
      command: ["pnpm --filter experiments run table", ...process.argv.slice(2)].join(" "),
      seeds,
      epochsShown,
      planned: recipes.length * seeds.length,
    }),
  );
if (!isComplete) process.exitCode = 1;
