// What does each rule cost a step, beside feedback alignment's?
//
//   pnpm --filter benchmarks run rules [--rule wm --batch 32 --rounds 9 --milliseconds 200 --with ../other/index.js]
//
// All rules train side by side on random numbers, in turn, each beside fa in the same round: processor time of one
// thread, so that others who are busy on the same machine do not count. --with names another build of
// @bioflax/compiler, which takes turns on the same steps.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { runtimeVersion } from "@bioflax/compiler";
import { type RuleName, rules } from "@bioflax/core";
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
    rule: { type: "string", multiple: true, default: rules.names() },
    batch: { type: "string", multiple: true, default: ["32", "128"] },
    sizes: { type: "string", default: "784-500-500-10" },
    milliseconds: { type: "string", default: "200" },
    rounds: { type: "string", default: "9" },
    with: { type: "string" },
  },
});
const timing = { rounds: Number(options.rounds), milliseconds: Number(options.milliseconds) };
const builds: Readonly<Record<string, Build>> = {
  ...(options.with !== undefined && { before: (await import(options.with)) as Build }),
  now: thisBuild,
};
const names = ["fa", ...options.rule.filter((name) => name !== "fa")] as RuleName[];

console.log(
  `${options.sizes}, tanh, sgd, ONNX Runtime ${await runtimeVersion()}, ${cpus()[0]?.model}, Node ${process.version};`,
);
console.log(
  `processor time of one thread, median (lowest–highest) of ${options.rounds} turns, each rule beside its build's fa.`,
);
for (const batch of options.batch.map(Number)) {
  const entrants: Record<string, Entrant> = {};
  for (const rule of names)
    for (const [build, own] of Object.entries(builds)) {
      const workload = dense(options.sizes.split("-").map(Number), batch, rule, {
        activation: "tanh",
      });
      const optimizer = { name: "sgd", learningRate: 0.001 } as const;
      entrants[`${rule} ${build}`] = await randomTraining(workload, optimizer, "classes", own);
    }
  const times = await processorTimes(entrants, timing);
  const builtBy = Object.keys(builds);
  const title = (text: string) =>
    builtBy.map((build) => (builtBy.length > 1 ? `${build}, ${text}` : text));
  const head = [`batch ${batch}`, ...title("ms a step"), ...title("times fa's step")];
  console.log(`\n| ${head.join(" | ")} |\n|${head.map(() => "---|").join("")}`);
  for (const rule of names) {
    const of = (name: string, build: string) => times[`${name} ${build}`] as number[];
    const ratio = (build: string) =>
      of(rule, build).map((ms, turn) => ms / (of("fa", build)[turn] as number));
    const cells = [
      ...builtBy.map((build) => showSpread(spread(of(rule, build)), 3)),
      ...builtBy.map((build) => (rule === "fa" ? "1" : showSpread(spread(ratio(build)), 2))),
    ];
    console.log(`| ${[rule, ...cells].join(" | ")} |`);
  }
  for (const { end } of Object.values(entrants)) await end();
}
