// How much memory does training take at most, beside PyTorch?
//
//   pnpm --filter benchmarks run memory [--only resnet20] [--python path/to/python3] [--write]
//
// Everyone trains in a process of its own, 24 steps, and evaluates once; bioflax also measures alignment at one step. What
// counts is the most that the process had resident, as Linux tells, and that less what it had before it made the network:
// PyTorch's libraries are many times as large. With --write, the table goes to docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { CompiledNetwork } from "@bioflax/compiler";
import {
  createNetwork,
  getModel,
  initializeWeights,
  type NetworkSpec,
  Random,
} from "@bioflax/core";
import { table, writeSection } from "./page";
import { findPython } from "./python";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    python: { type: "string" },
    write: { type: "boolean", default: false },
    /** Trains this one here, and prints what it took. */
    train: { type: "string" },
  },
});
const CALLS = 3;
const STEPS = 8;
const threads = availableParallelism();

interface Taken {
  /** Megabytes before there was a network. */
  readonly before: number;
  /** Megabytes at most. */
  readonly peak: number;
}

const dense = (units: number, isLast = false) =>
  ({ type: "dense", units, activation: isLast ? "identity" : "tanh" }) as const;
const networks = {
  resnet20: {
    title: "ResNet-20, sgd with momentum, batch 128; bioflax by dfa",
    spec: {
      ...getModel("resnet20").create({ inputShape: [32, 32, 3], outputs: 10, rule: "dfa" }),
      rule: "dfa",
    },
    optimizer: { name: "sgd", learningRate: 0.001, momentum: 0.9 },
    batch: 128,
  },
  wide: {
    title: "784-4096-4096-10, Adam, batch 32; bioflax by bp",
    spec: {
      inputShape: [784],
      rule: "bp",
      layers: [dense(4096), dense(4096), dense(10, true)],
    } satisfies NetworkSpec as NetworkSpec,
    optimizer: { name: "adam", learningRate: 0.001 },
    batch: 32,
  },
} as const;
type Name = keyof typeof networks;

/** What Linux says of this process, in megabytes. */
const resident = (key: "VmRSS" | "VmHWM") =>
  Number(new RegExp(`${key}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"))?.[1]) /
  1000;

async function trainHere(name: Name): Promise<Taken> {
  const { spec, optimizer, batch } = networks[name];
  const random = new Random(0, "memory");
  const count = STEPS * batch;
  const size = spec.inputShape.reduce((product, extent) => product * extent, 1);
  const source = {
    inputs: Float32Array.from({ length: count * size }, () => random.normal()),
    targets: Int32Array.from({ length: count }, () => random.below(10)),
    count,
  };
  const rows = Int32Array.from({ length: count }, (_, i) => i);
  const before = resident("VmRSS");
  const network = await CompiledNetwork.create({
    ...{ spec, optimizer, threads, batchSize: batch },
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    layout: { inputShape: spec.inputShape, targetShape: [] },
  });
  for (let call = 0; call < CALLS; call++)
    await network.train(source, rows, { alignmentBatches: call === 1 ? 1 : 0 });
  await network.evaluate(source, rows);
  await network.dispose();
  return { before, peak: resident("VmHWM") };
}

/** Runs a program that prints what it took. */
function ask({
  command,
  args,
  env,
}: {
  command: string;
  args: readonly string[];
  env?: object;
}): Taken {
  const { stdout, stderr, status } = spawnSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(stderr.trim().split("\n").at(-1));
  return JSON.parse(stdout);
}

if (options.train !== undefined) {
  console.log(JSON.stringify(await trainHere(options.train as Name)));
} else {
  const python = await findPython(options.python);
  const rows = (Object.keys(networks) as Name[])
    .filter((name) => name.match(options.only))
    .map((name) => {
      const own = ask({
        command: process.execPath,
        args: [process.argv[1] as string, "--train", name],
      });
      const steps = String(CALLS * STEPS);
      const other =
        python && ask(python("memory.py", name, "--threads", String(threads), "--steps", steps));
      const show = (taken: Taken | undefined) =>
        taken
          ? [taken.peak, taken.peak - taken.before].map((megabytes) => megabytes.toFixed(0))
          : ["–", "–"];
      return [networks[name].title, ...show(own), ...show(other)];
    });
  const head = [
    "peak, MB",
    "bioflax",
    "of that, since before the network",
    "PyTorch, backpropagation",
    "since before the network",
  ];
  const text = `${threads} threads, ${cpus()[0]?.model}.\n\n${table(head, rows)}\n`;
  process.stdout.write(text);
  if (options.write) writeSection("memory", text);
}
