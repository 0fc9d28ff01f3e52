// How does the time until a deep network trains grow with its depth?
//
//   pnpm --filter benchmarks run depth [--rule dfa] [--turns 3] [--engine compiled|xla] [--layers 2,4,8,16,32,64,100]
//
// Layers of 100 units on random data, batches of 32, in the compiled engine or XLA with one thread. Each turn is a process of
// its own; what is counted is processor time: until the network is made and has taken its first step, which measures
// alignment, as a run's first does; and until it has taken another sixteen, whose programs have to be built, too.
import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { RuleName } from "@bioflax/core";
import { XlaNetwork } from "@bioflax/xla";
import { compiledNetwork, networkSetup } from "./mnist-network";
import { randomExamples } from "./random-examples";
import { showSpread, spread } from "./statistics";
import { dense } from "./workloads";
import { xlaClient } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    rule: { type: "string", default: "dfa" },
    turns: { type: "string", default: "3" },
    engine: { type: "string", default: "compiled" },
    layers: { type: "string", default: "2,4,8,16,32,64,100" },
    depth: { type: "string" },
  },
});
const [BATCH, UNITS, STEPS] = [32, 100, 16];

/** Seconds of processor time of the first step, of the next ones' programs, and of a step. */
type Times = readonly [first: number, next: number, step: number];

async function timesOf(depth: number): Promise<Times> {
  const rule = options.rule as RuleName;
  const sizes = [UNITS, ...new Array<number>(depth).fill(UNITS), 10];
  const data = randomExamples(dense(sizes, BATCH, rule), BATCH * STEPS);
  const { examples, indices } = data.train;
  const start = process.cpuUsage();
  const seconds = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  const given = { rule, sizes, activation: "tanh", learningRate: 0.01, batchSize: BATCH } as const;
  const client = options.engine === "xla" ? await xlaClient(1) : undefined;
  const network = client
    ? await XlaNetwork.create({ ...networkSetup(data, given), client })
    : await compiledNetwork(data, { ...given, threads: 1 });
  await network.train(examples, indices.subarray(0, BATCH), { alignmentBatches: 1 });
  const first = seconds();
  await network.train(examples, indices);
  const next = seconds();
  await network.train(examples, indices);
  const step = (seconds() - next) / STEPS;
  await network.dispose();
  client?.destroy();
  return [first, next - first - step * STEPS, step];
}

if (options.depth === undefined) report();
else console.log(JSON.stringify(await timesOf(Number(options.depth))));

function report(): void {
  const turn = (depth: number) => {
    const { rule, engine } = options;
    const own = ["--rule", rule, "--engine", engine, "--depth", `${depth}`];
    const args = [fileURLToPath(import.meta.url), ...own];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Times;
  };
  console.log(
    `${options.engine}, ${options.rule}, layers of ${UNITS}, batch ${BATCH}, ${cpus()[0]?.model}, processor time: median (lowest–highest) of ${options.turns} turns.\n`,
  );
  console.log("| layers | first step, s | programs of the next, s | a step, ms |");
  console.log("|---|---|---|---|");
  for (const depth of options.layers.split(",").map(Number)) {
    const times = Array.from({ length: Number(options.turns) }, () => turn(depth));
    const [first, next, step] = ([0, 1, 2] as const).map((i) => times.map((one) => one[i])) as [
      number[],
      number[],
      number[],
    ];
    const show = (values: number[], digits: number) => showSpread(spread(values), digits);
    const milliseconds = step.map((seconds) => seconds * 1000);
    console.log(`| ${depth} | ${show(first, 2)} | ${show(next, 2)} | ${show(milliseconds, 2)} |`);
  }
}
