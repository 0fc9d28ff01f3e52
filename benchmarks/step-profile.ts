// Where does a training step's time go? ONNX Runtime's own profile of the compiled graph, by operator, and the dearest
// nodes:
//
//   pnpm --filter benchmarks run step-profile [--rule bp] [--sizes 784-500-500-10] [--data mnist] [--batch 32]
//     [--replicas 10] [--threads 2] [--nodes] [--save step.onnx]
//
// Sizes are lenet5, resnet20 or units of dense layers; the data random, of a kind that is named. Replicas are trained as one.
// Being watched slows small operators down: shares are to be believed more than sums.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  createNetwork,
  createTrainable,
  initializeWeights,
  Random,
  type RuleName,
} from "@bioflax/core";
import { followingFrom } from "../packages/compiler/src/programs/feedback-differences";
import { NetworkState } from "../packages/compiler/src/programs/network-state";
import { ProgramSessions } from "../packages/compiler/src/programs/onnx/program-sessions";
import { trainingProgram } from "../packages/compiler/src/programs/onnx/training-program";
import { Sources } from "../packages/compiler/src/programs/sources";
import { stepFeeds } from "../packages/compiler/src/programs/step-feeds";
import { blocksHere } from "../packages/compiler/src/runtime/block-use";
import { deviceMemoryOf } from "../packages/compiler/src/runtime/device-memory";
import { floats } from "../packages/compiler/src/runtime/host-array";
import { hostTensors } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import { randomSource } from "./random-examples";
import { median } from "./statistics";
import { dense, lenet5, networkOf, resnet20, type Workload } from "./workloads";

const { values: options } = parseArgs({
  options: {
    rule: { type: "string", default: "bp" },
    sizes: { type: "string", default: "784-500-500-10" },
    data: { type: "string", default: "mnist" },
    replicas: { type: "string", default: "1" },
    threads: { type: "string", default: String(availableParallelism()) },
    batch: { type: "string", default: "32" },
    matrices: { type: "string", default: "blocks" },
    nodes: { type: "boolean", default: false },
    save: { type: "string" },
  },
});
const perIteration = options.sizes === "resnet20" ? 1 : 8;
const steps = 10 * perIteration;
const batch = Number(options.batch);
const threads = Number(options.threads);
const count = Number(options.replicas);

const data = options.data as Workload["data"];
const images = { lenet5, resnet20 };
const workload =
  options.sizes in images
    ? { ...images[options.sizes as keyof typeof images](batch), rule: options.rule as RuleName }
    : dense(options.sizes.split("-").map(Number), batch, options.rule as RuleName, {
        data,
        activation: data === "mnist" ? "relu" : "tanh",
      });
const spec = networkOf(workload);
const trainable = createTrainable({
  spec,
  loss: data === "mnist" ? "softmaxCrossEntropy" : "meanSquaredError",
  optimizer: { name: "sgd", learningRate: 0.02 },
});
const memory = deviceMemoryOf({});
const isOne = count === 1;
// Replicas carry their feedback weights.
const following = isOne ? followingFrom(trainable, undefined) : undefined;
const setups = Array.from({ length: count }, (_, seed) => ({
  weights: initializeWeights(createNetwork(spec), seed),
  following,
  seed,
  batchRows: batch,
}));
const trainables = setups.map(() => trainable);
const axis = isOne ? [] : [count];
const state = await (isOne
  ? NetworkState.create(trainable, memory, setups[0] as (typeof setups)[number])
  : NetworkState.ofReplicas(trainables, memory, setups));
const { source, layout } = randomSource(workload, Math.max(4 * batch, 256));
const blocks = isOne && options.matrices === "blocks" ? await blocksHere() : undefined;
const replicas = isOne ? undefined : trainables;
const sources = new Sources({ trainable, replicas, following }, memory, {
  layout,
  batchSize: batch,
});
const sessions = new ProgramSessions(sources, memory, { blocks, createSession });
const model = trainingProgram(sessions.context(source, batch), { perIteration });
if (options.save !== undefined) writeFileSync(options.save, model.bytes);
const folder = mkdtempSync(join(tmpdir(), "bioflax-profile-"));
const session = await createSession(model, { threads, profile: join(folder, "profile") });
const random = new Random(0, "rows");
const rows = Int32Array.from({ length: steps * count * batch }, () => random.below(source.count));
const call = { taken: 0, count: steps, batchRows: batch, largestRows: batch, perIteration };
const networks = { trainables, seeds: setups.map(({ seed }) => seed), axis };
const feeds = {
  ...(await sources.feeds(source)),
  ...state.feeds(),
  ...(await hostTensors({
    ...stepFeeds(networks, call),
    remaining: floats(state.remainingAt(steps).slice(0, steps), [steps]),
    rows: { type: "int32", data: rows, shape: [steps, ...axis, batch] },
  })),
};
await session.run(feeds);
const start = performance.now();
await session.run(feeds);
console.log(`${((performance.now() - start) / steps).toFixed(3)} ms a step while watched`);
await session.release();

interface ProfileEvent {
  readonly cat?: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly op_name?: string; readonly input_type_shape?: unknown };
}
const [file] = readdirSync(folder);
const events: ProfileEvent[] = JSON.parse(readFileSync(join(folder, file as string), "utf8"));
rmSync(folder, { recursive: true });
const nodes = events.filter(
  ({ cat, name, args }) =>
    cat === "Node" && name.endsWith("kernel_time") && args?.op_name !== "Loop",
);

/** Things by what a key says of them. */
function groupBy<Thing>(
  all: readonly Thing[],
  key: (thing: Thing) => string,
): Map<string, Thing[]> {
  const groups = new Map<string, Thing[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** Each node with how often it ran and the middle of how long it took: what came between it and the processor is not its own. */
const runs = groupBy(nodes, ({ name, args }) =>
  JSON.stringify([name.replace("_kernel_time", ""), args?.op_name, args?.input_type_shape]),
);
const typical = [...runs].map(([key, events]) => {
  const [name, operator, shapes] = JSON.parse(key) as [string, string, unknown];
  const time = median(events.map(({ dur }) => dur));
  return { name, operator, shapes, time, count: events.length };
});
console.log("| operator | µs a step | nodes a step |\n|---|---|---|");
const byOperator = [...groupBy(typical, ({ operator }) => operator)].map(([operator, ones]) => {
  const total = ones.reduce((sum, { time, count }) => sum + time * count, 0) / 2 / steps;
  return { operator, total, each: ones.reduce((sum, { count }) => sum + count, 0) / 2 / steps };
});
for (const { operator, total, each } of byOperator.sort((a, b) => b.total - a.total))
  console.log(`| ${operator} | ${total.toFixed(1)} | ${each.toFixed(1)} |`);
const sum = byOperator.reduce((all, { total }) => all + total, 0);
console.log(`| all | ${sum.toFixed(1)} | |`);
if (options.nodes)
  for (const { name, shapes, time } of typical.sort((a, b) => b.time - a.time).slice(0, 80))
    console.log(`${time.toFixed(0).padStart(6)} µs  ${name} ${JSON.stringify(shapes)}`);
