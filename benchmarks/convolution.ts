// How fast do convolutional networks train, compiled and eager, beside PyTorch on the CPU?
//
//   pnpm --filter benchmarks run convolution [--network lenet5 --rule bp --rounds 9 --json convolution.json]
//     [--processor-time] [--with ../other/index.js]
//
// LeNet-5 at a batch of 64 and ResNet-20 at 128, sgd with momentum, on random images that lie in memory. In each round
// every contestant trains for about the same time, in turn, and is compared with PyTorch's backpropagation of that
// round, which has the threads and the memory layout that were best for it before. PyTorch is that of --python or of
// the environment that is made in benchmarks/.venv; where there is none, the others run without it. --processor-time
// has everyone compute with one thread, and counts the time that the processor spent: for a machine that others use.
// --with names another build of @bioflax/compiler, which trains in turn, too.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  createNetwork,
  getModel,
  initializeWeights,
  type ModelName,
  Random,
  type RuleName,
} from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { loadEngine } from "@bioflax/trainer";
import { Contender } from "./contender";
import { findPython } from "./python";
import { type Build, thisBuild } from "./random-training";
import { median, showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    network: { type: "string", multiple: true, default: ["lenet5", "resnet20"] },
    rule: { type: "string", multiple: true, default: ["bp", "fa", "dfa"] },
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "2" },
    threads: { type: "string", default: String(availableParallelism()) },
    eager: { type: "boolean", default: true },
    "processor-time": { type: "boolean", default: false },
    with: { type: "string" },
    python: { type: "string" },
    json: { type: "string" },
  },
  allowNegative: true,
});
const isProcessorTime = options["processor-time"];
const threads = isProcessorTime ? 1 : Number(options.threads);
const builds: Readonly<Record<string, Build>> = {
  ...(options.with !== undefined && { ", before": (await import(options.with)) as Build }),
  "": thisBuild,
};
const BATCHES = 8;
/** How long PyTorch may take for its turn. */
const PATIENCE_MS = 120_000;
const shapes: Partial<Record<ModelName, { shape: [number, number, number]; batch: number }>> = {
  lenet5: { shape: [28, 28, 1], batch: 64 },
  resnet20: { shape: [32, 32, 3], batch: 128 },
};

/** Random images, a few batches of them. */
function imagesOf(shape: readonly number[], batch: number): Dataset {
  const random = new Random(0, "benchmark");
  const count = BATCHES * batch;
  const size = shape.reduce((product, extent) => product * extent, 1);
  const all = wholeSplit({
    inputs: Float32Array.from({ length: count * size }, () => random.normal()),
    targets: Int32Array.from({ length: count }, () => random.below(10)),
    count,
  });
  const common = { name: "random", task: "classification", targetShape: [], outputs: 10 } as const;
  return { ...common, inputShape: shape, train: all, test: all };
}

/** Something that trains, and says how many milliseconds a step took. */
interface Contestant {
  readonly name: string;
  train(steps: number): Promise<number>;
  readonly milliseconds: number[];
  readonly speedUps: number[];
}

const contestant = (name: string, train: Contestant["train"]): Contestant => ({
  name,
  train,
  milliseconds: [],
  speedUps: [],
});

/** Milliseconds a step of so many, by the clock that counts. */
async function timed(steps: number, train: () => Promise<unknown>): Promise<number> {
  const [start, spent] = [performance.now(), process.cpuUsage()];
  await train();
  const { user, system } = process.cpuUsage(spent);
  return (isProcessorTime ? (user + system) / 1000 : performance.now() - start) / steps;
}

async function engineContestant(
  kind: "compiled" | "eager",
  model: ModelName,
  rule: RuleName,
  [before, { CompiledNetwork }]: readonly [string, Build] = ["", thisBuild],
): Promise<Contestant & { dispose(): Promise<void> }> {
  const { shape, batch } = shapes[model] as NonNullable<(typeof shapes)[ModelName]>;
  const spec = getModel(model).create({ inputShape: shape, outputs: 10, rule });
  const dataset = imagesOf(shape, batch);
  const setup = {
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: rule === "bp" ? 0.001 : 1e-5, momentum: 0.9 },
    batchSize: batch,
    threads,
  } as const;
  const rowsOf = (steps: number) =>
    Int32Array.from({ length: steps * batch }, (_, i) => i % (BATCHES * batch));
  if (kind === "compiled") {
    const network = await CompiledNetwork.create({ ...setup, layout: dataset });
    const train = (steps: number) =>
      timed(steps, () => network.train(dataset.train.examples, rowsOf(steps)));
    return {
      ...contestant(`compiled, ${rule}${before}`, train),
      dispose: () => network.dispose(),
    };
  }
  const engine = await (await loadEngine(kind))({ ...setup, dataset, seed: 0, device: "wasm" });
  const train = (steps: number) =>
    timed(steps, () => engine.trainEpoch(rowsOf(steps), { alignmentBatches: 0 }));
  return { ...contestant(`${kind}, ${rule}`, train), dispose: () => engine.dispose() };
}

/** PyTorch with the threads and the memory layout that suit it best. */
async function torchContestant(peer: Contender, model: ModelName): Promise<Contestant> {
  const { batch } = shapes[model] as NonNullable<(typeof shapes)[ModelName]>;
  const ways = [...new Set([1, threads])].flatMap((count) =>
    ["contiguous", "channels_last"].map((layout) => ({ threads: count, layout })),
  );
  const run = async (way: (typeof ways)[number], steps: number) => {
    const answer = await peer.ask({ network: model, batch, steps, ...way }, PATIENCE_MS);
    if (answer.milliseconds === undefined) throw new Error(`PyTorch: ${answer.error}`);
    return answer.milliseconds;
  };
  const tries = [];
  for (const way of ways) {
    const first = await run(way, 2);
    tries.push({ way, milliseconds: await run(way, Math.ceil(1000 / first)) });
  }
  const [best] = tries.sort((a, b) => a.milliseconds - b.milliseconds);
  const { way } = best as (typeof tries)[number];
  const name = `PyTorch, backpropagation (${way.threads} threads, ${way.layout})`;
  return contestant(name, (steps) => run(way, steps));
}

const python = await findPython(options.python);
const program = python?.("convolution.py");
const clock = isProcessorTime ? { BENCHMARK_CLOCK: "cpu" } : {};
const peer =
  program && new Contender({ name: "PyTorch", ...program, env: { ...program.env, ...clock } });
await peer?.start();
console.log(
  `${cpus()[0]?.model}, ${threads} threads, Node ${process.version}, ${isProcessorTime ? "processor time, " : ""}${peer?.greeting?.about ?? `without PyTorch (${peer?.ended ?? "no Python"})`}; median (lowest–highest) of ${options.rounds} rounds.\n`,
);
const results: Record<string, unknown>[] = [];
for (const model of options.network as ModelName[]) {
  const engines = [
    ...(await Promise.all(
      options.rule.flatMap((rule) =>
        Object.entries(builds).map((build) =>
          engineContestant("compiled", model, rule as RuleName, build),
        ),
      ),
    )),
    ...(options.eager ? [await engineContestant("eager", model, "bp")] : []),
  ];
  const torch = peer?.greeting && (await torchContestant(peer, model));
  const all: Contestant[] = [...(torch ? [torch] : []), ...engines];
  const steps = new Map<Contestant, number>();
  for (const one of all) {
    await one.train(4);
    steps.set(one, Math.max(2, Math.ceil((1000 * Number(options.seconds)) / (await one.train(2)))));
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const one of all) {
      const milliseconds = await one.train(steps.get(one) as number);
      one.milliseconds.push(milliseconds);
      if (torch) one.speedUps.push((torch.milliseconds.at(-1) as number) / milliseconds);
    }
  }
  const { batch } = shapes[model] as NonNullable<(typeof shapes)[ModelName]>;
  console.log(
    `${model}, batch ${batch}\n\n| | ms a step | times as fast as PyTorch |\n|---|---|---|`,
  );
  for (const { name, milliseconds, speedUps } of all) {
    const times = speedUps.length === 0 ? "" : showSpread(spread(speedUps), 2);
    console.log(`| ${name} | ${showSpread(spread(milliseconds), 2)} | ${times} |`);
    results.push({
      model,
      batch,
      name,
      milliseconds: median(milliseconds),
      all: milliseconds,
      speedUps,
    });
  }
  console.log("");
  for (const { dispose } of engines) await dispose();
}
peer?.stop();
if (options.json) writeFileSync(options.json, `${JSON.stringify({ threads, results }, null, 2)}\n`);
