// Runs recipes over several seeds and tabulates what came of them:
//   pnpm --filter experiments run table --name mnist mnist-bp mnist-fa [--seeds 0,1,2] [-- any option of bioflax train]
// Prints a Markdown table, and leaves it in results/<name>.md with the numbers behind it in results/<name>.json.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const experiments = fileURLToPath(new URL("..", import.meta.url));

/** The program behind the command `bioflax`. */
function bioflaxProgram() {
  const manifest = createRequire(import.meta.url).resolve("@bioflax/trainer/package.json");
  return join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.bioflax);
}

/** Runs `bioflax train` and returns its summary, the last line of its output; progress goes to our stderr. */
function train(options) {
  const child = spawn(process.execPath, [bioflaxProgram(), "train", ...options, "--json"], {
    cwd: experiments,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(output.trimEnd().split("\n").at(-1)));
      else reject(new Error(`bioflax train ${options.join(" ")} ended with status ${status}.`));
    });
  });
}

/** Mean and sample standard deviation. */
function statistics(values) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined };
}

function cell(values, show) {
  const { mean, sd } = statistics(values);
  return sd === undefined ? show(mean) : `${show(mean)} ± ${show(sd)}`;
}

const percent = (share) => (share * 100).toFixed(2);
const small = (loss) => loss.toPrecision(3);

const columns = [
  ["final test accuracy (%)", ({ test }) => test.accuracy, percent],
  ["best test accuracy (%)", ({ best }) => best.test.accuracy, percent],
  ["final test loss", ({ test }) => test.loss, small],
  ["best test loss", ({ best }) => best.test.loss, small],
  ["best epoch", ({ best }) => best.epoch, (epoch) => epoch.toFixed(1)],
  ["seconds", ({ timing }) => timing.totalSeconds, (seconds) => seconds.toFixed(1)],
];

function markdown(results) {
  const shown = columns.filter(([, read]) =>
    results.every(({ summaries }) => summaries.every((summary) => read(summary) !== undefined)),
  );
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(["recipe", ...shown.map(([title]) => title)]),
    line(["---", ...shown.map(() => "---:")]),
    ...results.map(({ recipe, summaries }) =>
      line([recipe, ...shown.map(([, read, show]) => cell(summaries.map(read), show))]),
    ),
  ].join("\n");
}

const { values, positionals, tokens } = parseArgs({
  allowPositionals: true,
  tokens: true,
  options: {
    name: { type: "string" },
    seeds: { type: "string", default: "0,1,2" },
  },
});
const end = tokens.find(({ kind }) => kind === "option-terminator");
const extra = end === undefined ? [] : process.argv.slice(2).slice(end.index + 1);
const recipes = positionals.slice(0, positionals.length - extra.length);
if (values.name === undefined || recipes.length === 0) {
  console.error("Usage: table --name NAME RECIPE... [--seeds 0,1,2] [-- OPTION...]");
  process.exit(2);
}

const results = [];
for (const recipe of recipes) {
  const summaries = [];
  for (const seed of values.seeds.split(",")) {
    const options = ["--config", `recipes/${recipe}.yaml`, "--seed", seed, ...extra];
    const { folder: _folder, ...summary } = await train(options);
    summaries.push({ seed: Number(seed), ...summary });
  }
  results.push({ recipe, summaries });
}

const command = ["pnpm --filter experiments run table", ...process.argv.slice(2)].join(" ");
const { engine, device, threads, versions } = results[0].summaries[0];
const libraries = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
const text = `${markdown(results)}

Mean ± standard deviation over the seeds ${values.seeds.replaceAll(",", ", ")}; the best epoch is chosen by validation.
Engine ${engine} on ${device}, ${threads} threads; ${libraries.join(", ")}. Made by:

    ${command}
`;
mkdirSync(join(experiments, "results"), { recursive: true });
writeFileSync(join(experiments, "results", `${values.name}.md`), text);
writeFileSync(
  join(experiments, "results", `${values.name}.json`),
  `${JSON.stringify({ command, results }, null, 2)}\n`,
);
console.log(text);
