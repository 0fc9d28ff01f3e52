// What does a step of a small network cost, and how much of it is what each node of the graph costs?
//
//   pnpm --filter benchmarks run small-steps [--rounds 7 --milliseconds 200 --only PATTERN --with ../other/index.js]
//
// Processor time of one thread, so that others who are busy on the same machine do not count. A chain of operators on
// one number, in a loop as in training, says what a node costs. --with names another build of @bioflax/compiler, which
// takes turns on the same steps.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { OptimizerSpec, RuleName } from "@bioflax/core";
import { toModel } from "../packages/compiler/src/graph/model";
import { Scope } from "../packages/compiler/src/graph/scope";
import type { Value } from "../packages/compiler/src/graph/value";
import { hostTensor } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import {
  type Build,
  type Entrant,
  processorTimes,
  randomTraining,
  thisBuild,
} from "./random-training";
import { showSpread, spread } from "./statistics";
import { dense } from "./workloads";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    milliseconds: { type: "string", default: "200" },
    only: { type: "string", default: "" },
    rule: { type: "string", multiple: true, default: ["fa"] },
    with: { type: "string" },
  },
});
const timing = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };
const builds: Readonly<Record<string, Build>> = {
  ...(options.with !== undefined && { before: (await import(options.with)) as Build }),
  now: thisBuild,
};

const sizesOf = { "1-100-1": [1, 100, 1], "16-100-50-10": [16, 100, 50, 10] };
const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  sgd: { name: "sgd", learningRate: 0.001 },
  momentum: { name: "sgd", learningRate: 0.001, momentum: 0.9 },
  adam: { name: "adam", learningRate: 0.001 },
};
/** A loop of so many operators, one after another, on a vector of so many numbers. */
async function chain(op: string, nodes: number, numbers: number): Promise<Pick<Entrant, "turn">> {
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
    async turn(steps) {
      const data = BigInt64Array.of(BigInt(steps));
      const iterations = await hostTensor({ type: "int64", data, shape: [] });
      await session.run({ start: given, iterations });
      return 0;
    },
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
  const { short = [], long = [] } = await processorTimes(entrants, timing);
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
      for (const learns of ["numbers", "classes"] as const) {
        if (learns === "classes" && sizes.at(-1) === 1) continue;
        const what = `${sizeName}, ${rule}, ${learns}, ${name}`;
        if (!what.includes(options.only)) continue;
        const entrants: Record<string, Entrant> = {};
        const workload = dense(sizes, 32, rule, { activation: "tanh" });
        for (const [build, own] of Object.entries(builds))
          entrants[build] = await randomTraining(workload, optimizer, learns, own);
        const times = await processorTimes(entrants, timing);
        const cells = names.map((own) =>
          showSpread(spread((times[own] as number[]).map((ms) => 1000 * ms)), 1),
        );
        const ratios = times.now?.map((ms, i) => ms / (times.before?.[i] as number)) as number[];
        if (names.length > 1) cells.push(showSpread(spread(ratios), 2));
        console.log(`| ${[what, ...cells].join(" | ")} |`);
        for (const { end } of Object.values(entrants)) await end();
      }
