// How does the time of a training step grow with the width of layers, their number, the batch and the threads?
//
//   pnpm --filter benchmarks run scaling [--only width] [--rounds 3] [--python path/to/python3] [--write]
//
// bioflax compiled, PyTorch eager and JAX's `lax.scan` in turn, on MNIST. With --write, a plot of each goes to
// docs/images and the numbers to benchmarks/results.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { runtimeVersion } from "@bioflax/compiler";
import type { RuleName } from "@bioflax/core";
import { compiledTurn } from "./compiled-turn";
import type { Contender } from "./contender";
import { repositoryPath, table, writeResults } from "./page";
import { jax, pytorch, startPeers } from "./peers";
import { findPython, type PythonProgram } from "./python";
import { showSpread, spread } from "./statistics";
import { type Curve, svgPlot } from "./svg-plot";
import { contenderTurn, type Turn, takeTurns } from "./turns";
import { dense, type Workload } from "./workloads";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "3" },
    python: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
if (options.write && options.only) throw new Error("--write is of the whole: leave --only out.");
const TURN_MS = 300;
const most = availableParallelism();

/** A step's time over one size, all else equal. */
interface Question {
  readonly name: string;
  readonly title: string;
  readonly xTitle: string;
  readonly xs: readonly number[];
  /** Backpropagation, and the rule beside it. */
  readonly rules: readonly [RuleName, RuleName];
  readonly workload: (x: number, rule: RuleName) => Workload;
  /** Threads at each size; all when left out. */
  readonly threads?: (x: number) => number;
}

const hidden = (width: number, layers: number) => [
  784,
  ...new Array<number>(layers).fill(width),
  10,
];
const questions: readonly Question[] = [
  {
    name: "width",
    title: "784-n-n-10, batch 32",
    xTitle: "units n of a hidden layer",
    xs: [64, 128, 256, 512, 1024, 2048],
    rules: ["bp", "fa"],
    workload: (width, rule) => dense(hidden(width, 2), 32, rule),
  },
  {
    name: "depth",
    title: "n hidden layers of 500, batch 32: direct feedback sends no error from layer to layer",
    xTitle: "hidden layers n",
    xs: [1, 2, 4, 8, 16],
    rules: ["bp", "dfa"],
    workload: (layers, rule) => dense(hidden(500, layers), 32, rule),
  },
  {
    name: "batch",
    title: "784-500-500-10",
    xTitle: "examples in a batch",
    xs: [1, 4, 16, 64, 256, 1024],
    rules: ["bp", "fa"],
    workload: (batch, rule) => dense(hidden(500, 2), batch, rule),
  },
  {
    name: "threads",
    title: "784-800-800-800-10, batch 128",
    xTitle: "threads",
    xs: powersTo(most),
    rules: ["bp", "fa"],
    workload: (_, rule) => dense(hidden(800, 3), 128, rule),
    threads: (threads) => threads,
  },
];

/** 1, 2, 4 … and the number itself. */
function powersTo(number: number): number[] {
  const powers = Array.from({ length: 10 }, (_, i) => 2 ** i).filter((power) => power < number);
  return [...powers, number];
}

/** PyTorch and JAX, by threads, since they are told at their start. */
async function peersAt(python: PythonProgram | undefined, threads: number): Promise<Contender[]> {
  if (python === undefined) return [];
  const peers = [pytorch(python, "eager", threads), jax(python, "scan", threads)];
  await startPeers(peers);
  return peers.filter(({ greeting }) => greeting !== undefined);
}

async function timesOf(workload: Workload, threads: number, peers: readonly Contender[]) {
  const ours = await compiledTurn(workload, threads);
  const turns = new Map<string, Turn>([["bioflax", ours.turn]]);
  for (const peer of peers)
    turns.set(peer.name.replace(/, \d+ threads/, ""), contenderTurn(peer, workload));
  try {
    return await takeTurns(turns, {
      rounds: Number(options.rounds),
      milliseconds: TURN_MS,
      onFailure: (name, reason) => process.stderr.write(`  ${name}: ${reason}\n`),
    });
  } finally {
    await ours.end();
  }
}

const python = await findPython(options.python);
const CONTENDERS = ["bioflax", "PyTorch", "JAX scan"];
const about = new Set([
  `${cpus().length} × ${cpus()[0]?.model}`,
  `Node ${process.versions.node}`,
  `ONNX Runtime ${await runtimeVersion()}`,
]);
const results: Record<string, unknown> = {};
let peers: { threads: number; all: Contender[] } | undefined;
for (const question of questions.filter(({ name }) => name.match(options.only))) {
  const { name, title, xTitle, xs, rules, workload, threads = () => most } = question;
  const found: { x: number; rule: RuleName; times: Map<string, number[]> }[] = [];
  for (const x of xs) {
    if (peers?.threads !== threads(x)) {
      for (const peer of peers?.all ?? []) peer.stop();
      peers = { threads: threads(x), all: await peersAt(python, threads(x)) };
      for (const { greeting } of peers.all) about.add(greeting?.about as string);
    }
    for (const rule of rules) {
      process.stderr.write(`${name} ${x}, ${rule}\n`);
      found.push({ x, rule, times: await timesOf(workload(x, rule), threads(x), peers.all) });
    }
  }
  const spreadOf = (contender: string, rule: RuleName, x: number) => {
    const times = found.find((one) => one.x === x && one.rule === rule)?.times.get(contender);
    return times && spread(times);
  };
  const curves = CONTENDERS.flatMap((contender, colour) =>
    rules.map((rule, i): Curve => {
      const values = xs.map((x) => spreadOf(contender, rule, x)?.median);
      return { name: `${contender}, ${rule}`, colour, dashed: i === 1, values };
    }),
  );
  const columns = CONTENDERS.flatMap((contender) => rules.map((rule) => ({ contender, rule })));
  const cell = (x: number) =>
    columns.map(({ contender, rule }) => {
      const times = spreadOf(contender, rule, x);
      return times ? showSpread(times, 3) : "–";
    });
  const head = [xTitle, ...columns.map(({ contender, rule }) => `${contender}, ${rule}`)];
  process.stdout.write(
    `${title}\n\n${table(
      head,
      xs.map((x) => [String(x), ...cell(x)]),
    )}\n\n`,
  );
  results[name] = found.map(({ x, rule, times }) => ({
    x,
    rule,
    milliseconds: Object.fromEntries([...times].map(([who, all]) => [who, spread(all)])),
  }));
  if (options.write)
    writeFileSync(
      repositoryPath(`docs/images/bench-${name}.svg`),
      svgPlot({ title, xTitle, yTitle: "ms a step", xs, curves }),
    );
}
for (const peer of peers?.all ?? []) peer.stop();
if (options.write) writeResults("scaling", { about: [...about], ...results });
