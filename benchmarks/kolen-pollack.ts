// What does a step of Kolen-Pollack cost beside one of feedback alignment?
//
//   pnpm --filter benchmarks run kolen-pollack [--rounds 7 --milliseconds 300 --only PATTERN --with ../other/index.js]
//
// Both train side by side, in turn, on random numbers: processor time, of one thread, so that others who are busy on
// the same machine do not count. --with names another build of @bioflax/compiler, whose kp takes turns, too.
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
import { benchWorkloads } from "./bench-workloads";
import { ProcessorTurns, rowsOf } from "./processor-turns";
import { showSpread, spread } from "./statistics";
import { networkOf, type Workload } from "./workloads";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    milliseconds: { type: "string", default: "300" },
    only: { type: "string", default: "" },
    with: { type: "string" },
  },
});

const optimizers: Readonly<Record<string, OptimizerSpec>> = {
  sgd: { name: "sgd", learningRate: 0.001 },
  "sgd, decay": { name: "sgd", learningRate: 0.001, weightDecay: 1e-5 },
  adam: { name: "adam", learningRate: 0.001 },
  "adam, decay": { name: "adam", learningRate: 0.001, weightDecay: 1e-5 },
};
const rows = benchWorkloads.filter(({ sizes, rule }) => sizes !== undefined && rule === "kp");
const other: { CompiledNetwork: typeof CompiledNetwork } | undefined =
  options.with === undefined ? undefined : await import(options.with);

/** A network of a workload under a rule, and its steps on random examples. */
async function stepper(
  workload: Workload,
  rule: RuleName,
  optimizer: OptimizerSpec,
  Network: typeof CompiledNetwork,
) {
  const spec = networkOf({ ...workload, rule });
  const { batch, sizes = [] } = workload;
  const [inputs, classes] = [sizes[0] as number, sizes.at(-1) as number];
  const count = 4 * batch;
  const random = new Random(0, "kolen-pollack");
  const source = {
    inputs: Float32Array.from({ length: count * inputs }, () => random.normal()),
    targets: Int32Array.from({ length: count }, () => random.below(classes)),
    count,
  };
  const network = await Network.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer,
    layout: { inputShape: [inputs], targetShape: [] },
    batchSize: batch,
    threads: 1,
  });
  return {
    step: (steps: number) => network.train(source, rowsOf(steps * batch, count)),
    end: () => network.dispose(),
  };
}

console.log(
  `${cpus()[0]?.model}, Node ${process.version}; processor time of one thread, median (lowest–highest) of ${options.rounds} turns.\n`,
);
const before = other === undefined ? "" : " kp before / fa |";
console.log(`| step | fa, ms | kp / fa |${before}\n|---|---|---|${before && "---|"}`);
for (const workload of rows)
  for (const [name, optimizer] of Object.entries(optimizers)) {
    const what = `${workload.sizes?.join("-")}, batch ${workload.batch}, ${name}`;
    if (!what.includes(options.only)) continue;
    const entrants = {
      fa: await stepper(workload, "fa", optimizer, CompiledNetwork),
      kp: await stepper(workload, "kp", optimizer, CompiledNetwork),
      ...(other && { before: await stepper(workload, "kp", optimizer, other.CompiledNetwork) }),
    };
    const times = await new ProcessorTurns(entrants, Number(options.milliseconds)).take(
      Number(options.rounds),
    );
    const ratio = (own: readonly number[] = []) =>
      showSpread(spread(own.map((ms, i) => ms / (times.fa?.[i] as number))), 2);
    const cells = [showSpread(spread(times.fa as number[]), 3), ratio(times.kp)];
    console.log(`| ${[what, ...cells, ...(other ? [ratio(times.before)] : [])].join(" | ")} |`);
    for (const { end } of Object.values(entrants)) await end();
  }
