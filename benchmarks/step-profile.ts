// Where does a training step's time go? ONNX Runtime's own profile of the compiled graph, by operator, and the dearest
// nodes:
//
//   pnpm --filter benchmarks run step-profile [--rule bp] [--hidden 500-500] [--batch 32] [--nodes] [--save step.onnx]
//
// Being watched slows small operators down: shares are to be believed more than sums.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createNetwork, createTrainable, initializeWeights, type RuleName } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { NetworkState } from "../packages/compiler/src/programs/network-state";
import { ProgramSessions } from "../packages/compiler/src/programs/onnx/program-sessions";
import { trainingProgram } from "../packages/compiler/src/programs/onnx/training-program";
import { Sources } from "../packages/compiler/src/programs/sources";
import { stepFeeds } from "../packages/compiler/src/programs/step-feeds";
import { blocksHere } from "../packages/compiler/src/runtime/block-use";
import { deviceMemoryOf } from "../packages/compiler/src/runtime/device-memory";
import { hostTensors } from "../packages/compiler/src/runtime/runtime";
import { createSession } from "../packages/compiler/src/runtime/session";
import { dense, lenet5, networkOf } from "./workloads";

const { values: options } = parseArgs({
  options: {
    rule: { type: "string", default: "bp" },
    hidden: { type: "string", default: "500-500" },
    batch: { type: "string", default: "32" },
    matrices: { type: "string", default: "blocks" },
    nodes: { type: "boolean", default: false },
    save: { type: "string" },
  },
});
const perIteration = 8;
const steps = 10 * perIteration;
const batch = Number(options.batch);
const threads = availableParallelism();

const data = await loadMnist();
const rule = options.rule as RuleName;
const workload =
  options.hidden === "lenet5"
    ? lenet5(batch)
    : dense([784, ...options.hidden.split("-").map(Number), 10], batch, rule);
const spec = networkOf(workload);
const trainable = createTrainable({
  spec,
  loss: "softmaxCrossEntropy",
  optimizer: { name: "sgd", learningRate: 0.02 },
});
const memory = deviceMemoryOf({});
const weights = initializeWeights(createNetwork(spec), 0);
const state = await NetworkState.create(trainable, memory, {
  weights,
  seed: 0,
  batchRows: batch,
});
const layout = { ...data, inputShape: spec.inputShape };
const blocks = options.matrices === "blocks" ? await blocksHere() : undefined;
const sources = new Sources({ trainable }, memory, { layout, batchSize: batch });
const sessions = new ProgramSessions(sources, memory, { blocks });
const { examples } = data.train;
const model = trainingProgram(sessions.context(examples, batch), { perIteration });
if (options.save !== undefined) writeFileSync(options.save, model.bytes);
const folder = mkdtempSync(join(tmpdir(), "bioflax-profile-"));
const session = await createSession(model, { threads, profile: join(folder, "profile") });
const rows = epochOrder(data.train, { seed: 0, epoch: 0 }).subarray(0, steps * batch);
const call = { taken: 0, count: steps, batchRows: batch, largestRows: batch, perIteration };
const networks = { trainables: [trainable], seeds: [0], axis: [] };
const feeds = {
  ...(await sources.feeds(examples)),
  ...state.feeds(),
  ...(await hostTensors({
    ...stepFeeds(networks, call),
    rows: { type: "int32", data: rows, shape: [steps, batch] },
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

/** Sums of durations, and how many, by a key; the largest first. */
function sums(key: (event: ProfileEvent) => string): [string, number, number][] {
  const found = new Map<string, [number, number]>();
  for (const event of nodes) {
    const [time, count] = found.get(key(event)) ?? [0, 0];
    found.set(key(event), [time + event.dur, count + 1]);
  }
  return [...found]
    .map(([name, [time, count]]): [string, number, number] => [name, time, count])
    .sort(([, a], [, b]) => b - a);
}
console.log("| operator | µs a step | nodes a step |\n|---|---|---|");
for (const [name, time, count] of sums(({ args }) => args?.op_name as string))
  console.log(`| ${name} | ${(time / 2 / steps).toFixed(1)} | ${(count / 2 / steps).toFixed(1)} |`);
if (options.nodes)
  for (const [name, time, count] of sums(
    ({ name, args }) =>
      `${name.replace("_kernel_time", "")} ${JSON.stringify(args?.input_type_shape)}`,
  ).slice(0, 80))
    console.log(`${(time / count).toFixed(0).padStart(6)} µs  ${name}`);
