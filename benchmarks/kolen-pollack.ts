// What does a step of Kolen-Pollack cost beside one of feedback alignment?
//
//   pnpm --filter benchmarks run kolen-pollack [--rounds 7 --milliseconds 150 --only PATTERN --with ../other/index.js]
//
// Both train side by side, in turn, on random numbers: processor time, of one thread, so that others who are busy on
// the same machine do not count. --with names another build of @bioflax/compiler, whose kp takes turns, too.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { OptimizerSpec } from "@bioflax/core";
import { benchWorkloads } from "./bench-workloads";
import { type Build, type Entrant, processorTimes, randomTraining } from "./random-training";
import { showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    milliseconds: { type: "string", default: "150" },
    only: { type: "string", default: "" },
    with: { type: "string" },
  },
});
const timing = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };

const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  sgd: { name: "sgd", learningRate: 0.001 },
  "sgd, decay": { name: "sgd", learningRate: 0.001, weightDecay: 1e-5 },
  adam: { name: "adam", learningRate: 0.001 },
  "adam, decay": { name: "adam", learningRate: 0.001, weightDecay: 1e-5 },
};
const other = options.with === undefined ? undefined : ((await import(options.with)) as Build);

console.log(
  `${cpus()[0]?.model}, Node ${process.version}; processor time of one thread, median (lowest–highest) of ${options.rounds} turns.\n`,
);
const before = other === undefined ? "" : " kp before / fa |";
console.log(`| step | fa, ms | kp / fa |${before}\n|---|---|---|${before && "---|"}`);
const workloads = benchWorkloads.filter(({ sizes, rule }) => sizes !== undefined && rule === "kp");
for (const workload of workloads)
  for (const [name, optimizer] of Object.entries(optimizers)) {
    const what = `${workload.sizes?.join("-")}, batch ${workload.batch}, ${name}`;
    if (!what.includes(options.only)) continue;
    const entrants: Record<string, Entrant> = {
      fa: await randomTraining({ ...workload, rule: "fa" }, optimizer, "classes"),
      kp: await randomTraining(workload, optimizer, "classes"),
    };
    if (other) entrants.before = await randomTraining(workload, optimizer, "classes", other);
    const { fa = [], ...times } = await processorTimes(entrants, timing);
    const ratio = (own: readonly number[] = []) =>
      showSpread(spread(own.map((ms, i) => ms / (fa[i] as number))), 2);
    const cells = [showSpread(spread(fa), 3), ratio(times.kp)];
    console.log(`| ${[what, ...cells, ...(other ? [ratio(times.before)] : [])].join(" | ")} |`);
    for (const { end } of Object.values(entrants)) await end();
  }
