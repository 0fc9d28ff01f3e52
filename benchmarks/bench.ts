// Is bioflax faster than what a user would pick instead? Training steps on MNIST, beside PyTorch, JAX and TensorFlow.js on the same machine:
//
//   pnpm bench [--rounds 5] [--python path/to/python3] [--json out.json]
//
// Contenders take turns, so all see the same machine; ratios are of turns next to each other, and their median counts. PyTorch and JAX
// run where the Python has them (`benchmarks/.venv`, else `python3`). The table goes to stdout, and into docs/benchmarks.md with --write.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CompiledNetwork, runtimeVersion } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type RuleName } from "@bioflax/core";
import { epochOrder, loadMnist } from "@bioflax/datasets";
import { Contender } from "./gpu/contender";
import { networkOf, type Workload } from "./gpu/workloads";
import { operationsPerExample } from "./operations";
import { peakMeter } from "./peak";
import { median, type Spread, showSpread, spread } from "./statistics";
import { tensorflowFit } from "./tensorflow-fit";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    python: {
      type: "string",
      default: existsSync(".venv/bin/python") ? ".venv/bin/python" : "python3",
    },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
/** How long a contender's turn takes. */
const TURN_MS = 500;
const PATIENCE_MS = 60_000;
const threads = availableParallelism();

const rules: readonly RuleName[] = ["bp", "fa", "kp", "dfa"];
const networks = [
  { hidden: [500, 500], batch: 32 },
  { hidden: [1000], batch: 64 },
  { hidden: [800, 800, 800], batch: 128 },
  { hidden: [1000, 1000], batch: 1024 },
];
const workloads: readonly Workload[] = [
  ...networks.flatMap(({ hidden, batch }) =>
    rules.map((rule) => ({
      name: `784-${hidden.join("-")}-10, batch ${batch}, ${rule}`,
      hidden,
      batch,
      rule,
    })),
  ),
  { name: "LeNet-5, batch 64, bp", batch: 64, rule: "bp" },
];

/** Takes so many steps. @returns milliseconds a step. */
type Turn = (steps: number) => Promise<number>;

const data = await loadMnist();
const peak = await peakMeter(threads);
await peak(3);

async function compiled(workload: Workload): Promise<{ turn: Turn; end: () => Promise<void> }> {
  const spec = networkOf(workload);
  const network = await CompiledNetwork.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.02 },
    layout: { ...data, inputShape: spec.inputShape },
    batchSize: workload.batch,
    threads,
  });
  const perEpoch = Math.floor(data.train.indices.length / workload.batch);
  let epoch = 0;
  return {
    async turn(steps) {
      const start = performance.now();
      for (let done = 0; done < steps; ) {
        const now = Math.min(perEpoch, steps - done);
        const rows = epochOrder(data.train, { seed: 0, epoch: epoch++ });
        await network.train(data.train.examples, rows.subarray(0, now * workload.batch));
        done += now;
      }
      return (performance.now() - start) / steps;
    },
    end: () => network.dispose(),
  };
}

const python = (name: string, program: string, ...args: string[]) =>
  new Contender({ name, command: options.python, args: [`gpu/peers/${program}`, ...args] });
const peers = [
  // As many threads as there are is not always best.
  ...[...new Set([threads, 1])].map((n) =>
    python(`PyTorch, ${n} threads`, "torch_steps.py", "eager", String(n)),
  ),
  python("PyTorch compile", "torch_steps.py", "compile", String(threads)),
  python("JAX jit", "jax_steps.py", "jit"),
  python("JAX scan", "jax_steps.py", "scan"),
];
for (const peer of peers) {
  await peer.start();
  process.stderr.write(`${peer.name}: ${peer.about ?? `not there (${peer.ended})`}\n`);
}

interface Row {
  readonly workload: string;
  /** Milliseconds a step, by contender. */
  readonly times: Readonly<Record<string, Spread>>;
  /** How many times as long each takes as bioflax, turn by turn. */
  readonly ratios: Readonly<Record<string, Spread>>;
  /** Milliseconds a step at the speed of products of square matrices. */
  readonly floor: number;
}

const rows: Row[] = [];
for (const workload of workloads) {
  process.stderr.write(`${workload.name}\n`);
  const ours = await compiled(workload);
  const turns = new Map<string, Turn>([["bioflax", ours.turn]]);
  for (const peer of peers) {
    if (peer.ended !== undefined) continue;
    turns.set(peer.name, async (steps) => {
      const { milliseconds, error } = await peer.ask({ workload, steps }, PATIENCE_MS);
      if (milliseconds === undefined) throw new Error(error);
      return milliseconds;
    });
  }
  const fit =
    workload.rule === "bp" && workload.hidden ? await tensorflowFit(workload, data) : undefined;
  if (fit !== undefined) turns.set("TensorFlow.js fit", fit.turn);

  const steps = new Map<string, number>();
  for (const [name, turn] of turns)
    try {
      await turn(2);
      const about = await turn(8);
      // A power of two: JAX makes a program for each number of steps.
      const wanted = 2 ** Math.max(1, Math.round(Math.log2(TURN_MS / about)));
      await turn(wanted);
      steps.set(name, wanted);
    } catch (error) {
      process.stderr.write(`  ${name}: ${(error as Error).message}\n`);
    }
  const times = new Map([...steps.keys()].map((name) => [name, [] as number[]]));
  const peaks: number[] = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    peaks.push(await peak(2));
    for (const [name, wanted] of steps)
      times.get(name)?.push(await (turns.get(name) as Turn)(wanted));
  }
  const own = times.get("bioflax") as number[];
  const operations = operationsPerExample(createNetwork(networkOf(workload))) * workload.batch;
  const entries = [...times];
  rows.push({
    workload: workload.name,
    times: Object.fromEntries(entries.map(([name, all]) => [name, spread(all)])),
    ratios: Object.fromEntries(
      entries
        .filter(([name]) => name !== "bioflax")
        .map(([name, all]) => [name, spread(all.map((ms, i) => ms / (own[i] as number)))]),
    ),
    floor: (1000 * operations) / median(peaks),
  });
  await ours.end();
  fit?.end();
}
for (const peer of peers) peer.stop();

/** The smaller of some ratios' medians, with its spread: of the better of several peers. */
function least(ratios: Row["ratios"], names: (name: string) => boolean): string {
  const some = Object.entries(ratios).filter(([name]) => names(name));
  const [best] = some.sort(([, a], [, b]) => a.median - b.median);
  return best === undefined ? "–" : showSpread(best[1], 2);
}

const about = [
  `${cpus().length} × ${cpus()[0]?.model}`,
  `Node ${process.versions.node}`,
  `ONNX Runtime ${await runtimeVersion()}, products of ${((await peak(8)) / 1e12).toPrecision(3)} Tflop/s`,
  ...peers.flatMap(({ about: text }) => text ?? []),
];
const table = [
  `${[...new Set(about)].join("; ")}. ${options.rounds} turns each; median (lowest–highest).`,
  "",
  "| training step | bioflax, ms | of the peak | PyTorch or JAX jit, the better / bioflax | JAX scan / bioflax | PyTorch compile / bioflax | TensorFlow.js fit / bioflax |",
  "|---|---|---|---|---|---|---|",
  ...rows.map(({ workload, times, ratios, floor }) => {
    const ours = times.bioflax as Spread;
    return `| ${[
      workload,
      showSpread(ours, 3),
      `${Math.round((100 * floor) / ours.median)} %`,
      least(ratios, (name) => name === "JAX jit" || /^PyTorch, /.test(name)),
      least(ratios, (name) => name === "JAX scan"),
      least(ratios, (name) => name === "PyTorch compile"),
      least(ratios, (name) => name === "TensorFlow.js fit"),
    ].join(" | ")} |`;
  }),
  "",
].join("\n");
process.stdout.write(table);
if (options.json) writeFileSync(options.json, `${JSON.stringify({ about, rows }, null, 2)}\n`);
if (options.write) {
  const page = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
  const [start, end] = ["<!-- peers: written by pnpm bench --write -->", "<!-- end of peers -->"];
  const text = readFileSync(page, "utf8");
  const [before, after] = [text.indexOf(start) + start.length, text.indexOf(end)];
  writeFileSync(page, `${text.slice(0, before)}\n\n${table}\n${text.slice(after)}`);
}
