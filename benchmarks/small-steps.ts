// What does a step of a small network cost, and how much of it is what each node of the graph costs?
//
//   pnpm --filter benchmarks run small-steps [--rounds 7 --milliseconds 200 --only PATTERN --with ../other/index.js]
//
// Processor time of one thread, so that others who are busy on the same machine do not count. A chain of operators on
// one number, in a loop as in training, says what a node costs. --with names another build of @bioflax/compiler, which
// takes turns on the same steps.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CompiledNetwork } from "@bioflax/compiler";
import {
  createNetwork,
  initializeWeights,
  type OptimizerSpec,
  Random,
  type RuleName,
} from "@bioflax/core";
import { toModel } from "../packages/compiler/src/graph/model";
import { Scope } from "../packages/compiler/src/graph/scope";
import type { Value } from "../packages/compiler/src/graph/value";
import { hostTensor } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import { ProcessorTurns, rowsOf, type Stepper } from "./processor-turns";
import { showSpread, spread } from "./statistics";
import { dense, networkOf } from "./workloads";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    milliseconds: { type: "string", default: "200" },
    only: { type: "string", default: "" },
    rule: { type: "string", multiple: true, default: ["fa"] },
    with: { type: "string" },
  },
});
type Build = { readonly CompiledNetwork: typeof CompiledNetwork };
const builds: Readonly<Record<string, Build>> = {
  ...(options.with !== undefined && { before: (await import(options.with)) as Build }),
  now: { CompiledNetwork },
};

const sizesOf = { "1-100-1": [1, 100, 1], "16-100-50-10": [16, 100, 50, 10] };
const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  sgd: { name: "sgd", learningRate: 0.001 },
  momentum: { name: "sgd", learningRate: 0.001, momentum: 0.9 },
  adam: { name: "adam", learningRate: 0.001 },
};
const batch = 32;
const count = 4 * batch;

/** Steps of a network on random examples. */
async function stepper(
  sizes: readonly number[],
  rule: RuleName,
  optimizer: OptimizerSpec,
  classes: boolean,
  { CompiledNetwork: Network }: Build,
): Promise<Stepper & { end: () => Promise<void> }> {
  const spec = networkOf(dense(sizes, batch, rule, { activation: "tanh" }));
  const [inputs, outputs] = [sizes[0] as number, sizes.at(-1) as number];
  const random = new Random(0, "small-steps");
  const normals = (n: number) => Float32Array.from({ length: count * n }, () => random.normal());
  const source = {
    inputs: normals(inputs),
    targets: classes
      ? Int32Array.from({ length: count }, () => random.below(outputs))
      : normals(outputs),
    count,
  };
  const network = await Network.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: classes ? "softmaxCrossEntropy" : "meanSquaredError",
    optimizer,
    layout: { inputShape: [inputs], targetShape: classes ? [] : [outputs] },
    batchSize: batch,
    threads: 1,
  });
  return {
    step: (steps) => network.train(source, rowsOf(steps * batch, count)),
    end: () => network.dispose(),
  };
}

/** A loop of so many operators, one after another, on a vector of so many numbers. */
async function chain(op: string, nodes: number, numbers: number): Promise<Stepper> {
  const scope = new Scope();
  const iterations = scope.input("iterations", [], "int64");
  const start = scope.input("start", [numbers]);
  const { final } = scope.loop(iterations, [start], (inner, _iteration, [carried]) => {
    let value = carried as Value;
    const half = inner.constant([0.5], []);
    // Written as nodes of their own: the scope would take the same twice for one.
    for (let i = 0; i < nodes; i++)
      value = inner.node(op, op === "Identity" ? [value] : [value, half], {
        shape: [numbers],
        type: "float32",
      });
    return { next: [value], kept: [] };
  });
  const session = await createSession(toModel(scope, final), {
    threads: 1,
    graphOptimization: "disabled",
  });
  const given = await hostTensor({
    type: "float32",
    data: new Float32Array(numbers),
    shape: [numbers],
  });
  return {
    step: async (steps) =>
      session.run({
        start: given,
        iterations: await hostTensor({
          type: "int64",
          data: BigInt64Array.of(BigInt(steps)),
          shape: [],
        }),
      }),
  };
}

const heading = `processor time of one thread, median (lowest–highest) of ${options.rounds} turns`;
console.log(`${cpus()[0]?.model}, Node ${process.version}; ${heading}.\n`);

console.log("| a node | microseconds |\n|---|---|");
for (const [op, numbers] of [
  ["Identity", 1],
  ["Mul", 1],
  ["Mul", 3200],
] as const) {
  if (options.only !== "" && !"node".includes(options.only)) continue;
  const entrants = { short: await chain(op, 8, numbers), long: await chain(op, 108, numbers) };
  const turns = new ProcessorTurns(entrants, Number(options.milliseconds));
  const { short = [], long = [] } = await turns.take(Number(options.rounds));
  const each = long.map((ms, i) => (ms - (short[i] as number)) * 10);
  console.log(`| ${op} of ${numbers} | ${showSpread(spread(each), 2)} |`);
}

const names = Object.keys(builds);
const ratioHeading = names.length > 1 ? " now / before |" : "";
console.log(
  `\n| a step | ${names.map((name) => `${name}, microseconds`).join(" | ")} |${ratioHeading}\n|---|${names.map(() => "---|").join("")}${ratioHeading && "---|"}`,
);
for (const [sizeName, sizes] of Object.entries(sizesOf))
  for (const rule of options.rule as RuleName[])
    for (const [name, optimizer] of Object.entries(optimizers))
      for (const classes of sizes.at(-1) === 1 ? [false] : [false, true]) {
        const what = `${sizeName}, ${rule}, ${classes ? "classes" : "numbers"}, ${name}`;
        if (!what.includes(options.only)) continue;
        const entrants: Record<string, Stepper & { end: () => Promise<void> }> = {};
        for (const [build, own] of Object.entries(builds))
          entrants[build] = await stepper(sizes, rule, optimizer, classes, own);
        const turns = new ProcessorTurns(entrants, Number(options.milliseconds));
        const times = await turns.take(Number(options.rounds));
        const cells = names.map((own) =>
          showSpread(spread((times[own] as number[]).map((ms) => 1000 * ms)), 1),
        );
        const ratios = times.now?.map((ms, i) => ms / (times.before?.[i] as number)) as number[];
        if (names.length > 1) cells.push(showSpread(spread(ratios), 2));
        console.log(`| ${[what, ...cells].join(" | ")} |`);
        for (const { end } of Object.values(entrants)) await end();
      }
