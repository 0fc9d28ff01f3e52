// Where does a step of the eager engine on TensorFlow's library go? The native calls it makes, by operation, and the
// rest.
//
//   pnpm --filter benchmarks run eager-profile [--rule bp --batches 32,128,1024 --precision float32 --milliseconds
//     3000]
//
// 784-500-500-10, plain sgd, random examples. Native time is the sum over calls of the library's binding, the binding
// itself included, of which the time of an addition of two scalars is an upper bound. Being watched costs a little:
// shares are to be believed more than sums.
import { parseArgs } from "node:util";
import { createNetwork, initializeWeights, type RuleName } from "@bioflax/core";
import { useDevice } from "@bioflax/layers/node";
import { loadEngine } from "@bioflax/trainer";
import { randomExamples } from "./random-examples";
import { median } from "./statistics";
import { dense, networkOf } from "./workloads";

const { values: flags } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    rule: { type: "string", default: "bp" },
    batches: { type: "string", default: "32,128,1024" },
    precision: { type: "string", default: "float32" },
    milliseconds: { type: "string", default: "3000" },
  },
});
const precision = flags.precision === "bfloat16" ? flags.precision : "float32";
const { tf } = await useDevice("tensorflow", { precision });

/** What is used of the binding: functions, and constants that are none. */
type Binding = Record<string, (...args: unknown[]) => unknown>;
/** What an addition needs of it. */
interface Adding {
  readonly TF_FLOAT: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: number[], type: number, values: Float32Array): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: object[], inputs: number[], outputs: 1): [{ id: number }];
}
const backend = tf.backend() as unknown as { binding: Binding };
const { binding } = backend;

const spent = new Map<string, { calls: number; milliseconds: number }>();
/** A binding that notes how long each call takes. */
const watched: Binding = Object.create(binding);
for (const name of Object.getOwnPropertyNames(binding)) {
  const call = binding[name];
  if (typeof call !== "function") continue;
  const watch = (...args: unknown[]) => {
    const start = performance.now();
    try {
      return call.apply(binding, args);
    } finally {
      const milliseconds = performance.now() - start;
      const key = name === "executeOp" ? (args[0] as string) : name;
      const before = spent.get(key);
      if (before === undefined) spent.set(key, { calls: 1, milliseconds });
      else {
        before.calls += 1;
        before.milliseconds += milliseconds;
      }
    }
  };
  Object.defineProperty(watched, name, { value: watch });
}

/** Milliseconds of one call of the binding that computes next to nothing. */
function leastCall(): number {
  const own = binding as unknown as Adding;
  const { TF_FLOAT, TF_ATTR_TYPE } = own;
  const number = own.createTensor([], TF_FLOAT, Float32Array.of(1));
  const attributes = [{ name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT }];
  const add = () => {
    const start = performance.now();
    const [sum] = own.executeOp("AddV2", attributes, [number, number], 1);
    const milliseconds = performance.now() - start;
    own.deleteTensor(sum.id);
    return milliseconds;
  };
  for (let i = 0; i < 2000; i++) add();
  const least = median(Array.from({ length: 2000 }, add));
  own.deleteTensor(number);
  return least;
}

const create = await loadEngine("eager");
for (const batch of flags.batches.split(",").map(Number)) {
  const workload = dense([784, 500, 500, 10], batch, flags.rule as RuleName);
  const spec = networkOf(workload);
  const start = async (steps: number) => {
    const dataset = randomExamples(workload, steps * batch);
    const engine = await create({
      ...{ spec, loss: "softmaxCrossEntropy", dataset, seed: 0, device: "tensorflow", precision },
      optimizer: { name: "sgd", learningRate: 0.02 },
      weights: initializeWeights(createNetwork(spec), 0),
      batchSize: batch,
    });
    return () => engine.trainEpoch(dataset.train.indices, { alignmentBatches: 0 });
  };
  const timed = async (train: () => Promise<unknown>) => {
    const begin = performance.now();
    await train();
    return performance.now() - begin;
  };
  const short = await start(8);
  await short();
  const steps = Math.max(8, Math.round((8 * Number(flags.milliseconds)) / (await timed(short))));
  const train = await start(steps);
  await train();
  const unwatched = (await timed(train)) / steps;
  spent.clear();
  backend.binding = watched;
  const whole = (await timed(train)) / steps;
  backend.binding = binding;
  const least = leastCall();
  const rows = [...spent].map(([name, { calls, milliseconds }]) => ({
    name,
    calls: calls / steps,
    milliseconds: milliseconds / steps,
  }));
  rows.sort((a, b) => b.milliseconds - a.milliseconds);
  const native = rows.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const operations = rows
    .filter(({ name }) => /^[A-Z]/.test(name))
    .reduce((sum, { calls }) => sum + calls, 0);
  console.log(
    `\n${workload.name}, ${precision}: ${unwatched.toFixed(2)} ms a step, ${whole.toFixed(2)} while watched; ${operations.toFixed(1)} operations, ` +
      `whose calls cost up to ${(1000 * least).toFixed(1)} µs each, ${(operations * least).toFixed(2)} ms in all.\n`,
  );
  console.log("| | calls a step | ms a step | share |\n|---|---|---|---|");
  const line = (name: string, calls: string, milliseconds: number) =>
    console.log(
      `| ${name} | ${calls} | ${milliseconds.toFixed(3)} | ${((100 * milliseconds) / whole).toFixed(0)} % |`,
    );
  for (const { name, calls, milliseconds } of rows.filter((row) => row.milliseconds > whole / 100))
    line(name, calls.toFixed(1), milliseconds);
  const small = rows.filter((row) => row.milliseconds <= whole / 100);
  line(
    `${small.length} others`,
    small.reduce((sum, { calls }) => sum + calls, 0).toFixed(1),
    small.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  );
  line("JavaScript", "", whole - native);
}
process.exit(0);
