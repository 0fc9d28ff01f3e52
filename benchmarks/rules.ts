// What does each rule cost a step, beside feedback alignment's?
//
//   pnpm --filter benchmarks run rules [--batch 32 --rounds 15 --steps 400 --json out.json]
//
// All rules train side by side: in each round every one takes the same number of steps, and is compared with fa's time
// of that round.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { type CompiledNetwork, runtimeVersion } from "@bioflax/compiler";
import { type RuleName, rules } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { compiledNetwork } from "./mnist-network";
import { showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    rule: { type: "string", multiple: true, default: rules.names() },
    batch: { type: "string", default: "32" },
    hidden: { type: "string", multiple: true, default: ["500", "500"] },
    steps: { type: "string", default: "400" },
    rounds: { type: "string", default: "15" },
    threads: { type: "string", default: String(availableParallelism()) },
    json: { type: "string" },
  },
});
const threads = Number(options.threads);
const batchSize = Number(options.batch);
const sizes = [784, ...options.hidden.map(Number), 10];
const data = await loadMnist();
const order = epochOrder(data.train, { seed: 0, epoch: 0 }).subarray(
  0,
  batchSize * Number(options.steps),
);

const names = ["fa", ...options.rule.filter((name) => name !== "fa")] as RuleName[];
const networks = new Map<RuleName, CompiledNetwork>();
for (const rule of names) {
  const how = { rule, sizes, activation: "tanh", learningRate: 0.001, batchSize, threads } as const;
  networks.set(rule, await compiledNetwork(data, how));
}

/** Milliseconds a step of one rule takes. */
async function time(name: RuleName): Promise<number> {
  const network = networks.get(name) as CompiledNetwork;
  const start = performance.now();
  const { losses } = await network.train(data.train.examples, order);
  return (performance.now() - start) / losses.length;
}

const times = new Map(names.map((name) => [name, [] as number[]]));
const ratios = new Map(names.map((name) => [name, [] as number[]]));
for (const name of names) await time(name);
for (let round = 0; round < Number(options.rounds); round++) {
  // Each rule stands between two runs of fa, so that a machine that speeds up or slows down meanwhile tells on both.
  let before = await time("fa");
  for (const name of names.slice(1)) {
    const own = await time(name);
    const after = await time("fa");
    times.get(name)?.push(own);
    ratios.get(name)?.push((2 * own) / (before + after));
    times.get("fa")?.push(after);
    before = after;
  }
}
for (const network of networks.values()) await network.dispose();

const rows = names.map((rule) => ({
  rule,
  millisecondsPerStep: spread(times.get(rule) as number[]),
  ...(rule === "fa" ? {} : { timesFa: spread(ratios.get(rule) as number[]) }),
}));
console.log(
  `${sizes.join("-")}, batch ${batchSize}, sgd, ${threads} threads, ONNX Runtime ${await runtimeVersion()}, ${cpus()[0]?.model}, Node ${process.version}`,
);
console.log(
  `Median (lowest–highest) of ${options.rounds} rounds of ${options.steps} steps, each beside fa.\n`,
);
console.log("| rule | ms a step | times fa's step |\n|---|---|---|");
for (const { rule, millisecondsPerStep, timesFa } of rows) {
  console.log(
    `| ${rule} | ${showSpread(millisecondsPerStep, 3)} | ${timesFa === undefined ? "1" : showSpread(timesFa, 2)} |`,
  );
}
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ sizes, batchSize, threads, rows }, null, 2)}\n`);
