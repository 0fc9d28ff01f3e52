// Has the real Optuna, from PyPI and in a Python environment of its own, search with the built command:
//   pnpm --filter @bioflax/trainer run check-optuna
// The environment stays: packages/trainer/test/search.test.ts runs its own test with it from then on.
import { join } from "node:path";
import { stderr } from "node:process";
import { bioflax, Findings, newFolder, pythonEnvironment } from "./python-environment.mjs";

const program = await pythonEnvironment("optuna", ["optuna"]);
const findings = new Findings();
const out = join(await newFolder("optuna"), "sweep");
const search = [
  "--search",
  "optuna",
  "--python",
  program("python"),
  "--seeds",
  "0,1",
  "--set",
  "mode=fa,dfa",
];
const small = [
  "--dataset",
  "sinreg",
  "--epochs",
  "4",
  "--hidden-layers",
  "8",
  "--activations",
  "tanh",
];
const counted = async (trials, ...more) => {
  const args = [
    "sweep",
    ...search,
    ...small,
    "--trials",
    String(trials),
    "--out",
    out,
    "--json",
    ...more,
  ];
  const { status, stdout, stderr: said } = await bioflax(args);
  findings.expect(status === 0, `${trials} trials ended with status ${status}: ${said}`);
  return { said, ...JSON.parse(stdout || "{}") };
};

const first = await counted(3, "--set", "lr=0.01,0.03,0.1,0.3", "--pruner", "Median");
stderr.write(`${first.said}\n`);
findings.expect(
  first.done + first.pruned >= 4,
  `three trials by two seeds left ${JSON.stringify(first)}`,
);
const { status, stdout } = await bioflax(["sweep", "best", out, "--jsonl"]);
findings.expect(status === 0 && stdout.includes('"metric":"val.loss"'), `best: ${stdout}`);
findings.finish("Optuna");
