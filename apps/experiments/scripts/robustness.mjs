// How do networks that learnt by different rules stand adversarial examples? Recipes on MNIST are trained over several
// seeds and attacked:
//   pnpm --filter experiments run robustness [RECIPE...] [--seeds 0,1,2] [--epochs 5] [--examples 1000] [--threads 1] [--thorough]
// Without recipes: MNIST under bp, fa, kp, usf, dfa and drtp. Prints Markdown tables, and leaves them in
// results/robustness.md with the numbers behind them in results/robustness.json. --thorough adds pgd within L2 distances and
// the square attack. Run folders are left in
// runs/robustness, where `bioflax report runs/robustness/*/` makes a page of them; those that are done are not trained again.
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readRun } from "@bioflax/runs/node";
import { attackRuns } from "@bioflax/trainer";
import { cell, percent } from "./table/markdown.mjs";
import { writeFile } from "./table/results.mjs";
import { isDone, trainRecipe } from "./train-recipe.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "0,1,2" },
    epochs: { type: "string", default: "5" },
    examples: { type: "string", default: "1000" },
    threads: { type: "string", default: "1" },
    thorough: { type: "boolean", default: false },
  },
});
const epochs = Number(values.epochs);
const threads = Number(values.threads);
const examples = Number(values.examples);
process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const rules = ["bp", "fa", "kp", "usf", "dfa", "drtp"];
const recipes = positionals.length > 0 ? positionals : rules.map((rule) => `mnist-${rule}`);
const planned = recipes.flatMap((recipe) =>
  values.seeds.split(",").map((seed) => ({
    ...{ recipe, seed: Number(seed) },
    out: join("runs", "robustness", `${recipe}-${epochs}-epochs-seed-${seed}`),
  })),
);

for (const { recipe, seed, out } of planned) {
  if (await isDone(out)) continue;
  console.error(`training ${recipe}, seed ${seed}`);
  await trainRecipe(recipe, { epochs, seed, threads, out });
}

const thorough = [
  { method: "pgd", norm: "l2", eps: [0, 0.5, 1] },
  // A thousand queries an example.
  { method: "square", norm: "linf", eps: [0, 0.05, 0.1], examples: Math.ceil(examples / 10) },
];
const attacks = [
  { method: "fgsm", norm: "linf", eps: [0, 0.05, 0.1] },
  { method: "fgsm", norm: "l2", eps: [0, 0.5, 1] },
  { method: "pgd", norm: "linf", eps: [0, 0.05, 0.1], transfer: true },
  ...(values.thorough ? thorough : []),
];
const results = [];

const line = (cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) =>
  [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
const foldersOf = (recipe) => planned.filter((run) => run.recipe === recipe).map(({ out }) => out);
const at = (records, distance) =>
  records.flatMap(({ accuracy }) =>
    accuracy.flatMap(({ eps, accuracy: share }) => (eps === distance ? share : [])),
  );

/** An attack on each recipe's own networks. */
function ownTable({ method, norm, eps }) {
  const own = results.filter(
    (result) => result.method === method && result.norm === norm && result.from === undefined,
  );
  const [{ steps, starts, queries, examples: count }] = own;
  const effort = [
    steps !== undefined && `${steps} steps from ${starts} random start`,
    queries !== undefined && `${queries} queries`,
    `the first ${count} test images`,
  ];
  const rows = recipes.map((recipe) => {
    const records = own.filter(({ folder }) => foldersOf(recipe).includes(folder));
    return [recipe, ...eps.map((distance) => cell(at(records, distance), percent))];
  });
  const head = ["recipe", ...eps.map((distance) => `right within ε ${distance} (%)`)];
  return `## ${method}, ${norm}\n\n${effort.filter(Boolean).join(", ")}\n\n${table(head, rows)}`;
}

/** Examples made for one recipe's networks on another's, never on the very network they were made for. */
function transferTable({ method, norm, eps }) {
  const distance = eps.at(-1);
  const rows = recipes.map((source) => {
    const made = new Set(foldersOf(source).map((folder) => basename(folder)));
    const cells = recipes.map((recipe) => {
      const records = results.filter(
        ({ folder, from }) => made.has(from) && foldersOf(recipe).includes(folder),
      );
      return cell(at(records, distance), percent);
    });
    return [source, ...cells];
  });
  return (
    `## ${method}, ${norm}, ε ${distance}: examples made for one network on another\n\n` +
    "A row for whose they are, a column for who is tried, right in %; mean ± standard deviation over pairs of different networks.\n\n" +
    table(["made for", ...recipes], rows)
  );
}

/** Networks of one seed start from the same kernels: how much that counts between recipes. */
function seedLine({ method, norm, eps }) {
  const planFor = (named) => planned.find(({ out }) => out === named || basename(out) === named);
  const pairs = results.filter(
    ({ folder, from }) => from !== undefined && planFor(folder).recipe !== planFor(from).recipe,
  );
  const right = (isSame) =>
    at(
      pairs.filter(({ folder, from }) => (planFor(folder).seed === planFor(from).seed) === isSame),
      eps.at(-1),
    );
  return `Of ${method}, ${norm}, between recipes: ${cell(right(true), percent)} under the same seed, by which they start from the same kernels, ${cell(right(false), percent)} under another.`;
}

const command = ["pnpm --filter experiments run robustness", ...process.argv.slice(2)].join(" ");
const { summary } = await readRun(planned[0].out);
const libraries = Object.entries(summary.versions).map(([name, version]) => `${name} ${version}`);

/** Writes what the attacks so far came to. */
function write(done) {
  const transfers = done.filter(({ transfer }) => transfer);
  const left = attacks.length - done.length;
  const parts = [
    ...done.map(ownTable),
    ...transfers.flatMap((of) => [transferTable(of), seedLine(of)]),
  ];
  const text = `${parts.join("\n\n")}

${left > 0 ? `Unfinished: ${left} attacks are left.\n` : ""}${epochs} epochs each; mean ± standard deviation over the seeds ${values.seeds.split(",").join(", ")}. An image counts as right where it is classified right both as it is and as it is moved.
Engine ${summary.engine} on ${summary.device}; ${libraries.join(", ")}. Made by:

    ${command}
`;
  const path = join("results", "robustness");
  // A result a line.
  const lines = results.map((result) => JSON.stringify(result)).join(",\n");
  writeFile(`${path}.json`, `{"command":${JSON.stringify(command)},"results":[\n${lines}\n]}\n`);
  writeFile(`${path}.md`, text);
  return text;
}

for (const [i, attack] of attacks.entries()) {
  const folders = planned.map(({ out }) => out);
  const onRun = (folder) => console.error(`${attack.method}, ${attack.norm}: ${folder}`);
  results.push(...(await attackRuns(folders, { examples, ...attack, threads, onRun })));
  const text = write(attacks.slice(0, i + 1));
  if (i === attacks.length - 1) console.log(text);
}
