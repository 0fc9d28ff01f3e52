// Does `--engine auto` take the faster engine?
//
//   pnpm --filter benchmarks run auto [--only pattern] [--rounds 5] [--threads 1] [--write]
//
// For each network of `pnpm bench`, what auto takes when it knows nothing yet, and how long a step takes in both engines,
// which take turns; the fastest turn of each counts, as auto counts calls. With one thread, the default, turns are timed by the
// processor's clock, and others may compute meanwhile; with more, by the wall's, and auto itself always by that. The
// table goes to stdout, and with --write into docs/benchmarks.md.
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { cacheFolder } from "@bioflax/pjrt";
import { loadEngine } from "@bioflax/trainer";
import { benchWorkloads } from "./bench-workloads";
import { compiledTurn, datasetOf } from "./compiled-turn";
import { table, writeSection } from "./page";
import { type Spread, showSpread, spread } from "./statistics";
import { processorTurn, type Turn, takeTurns } from "./turns";
import { networkOf, type Workload } from "./workloads";
import { xlaClient, xlaTurn } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: "1" },
    write: { type: "boolean", default: false },
  },
});
if (options.write && options.only) throw new Error("--write is of the whole: leave --only out.");
const threads = Number(options.threads);
/** How long a turn takes. */
const TURN_MS = 200;
/** Another engine than the compiled one is taken where it is faster by more than this; so far, both are as good. */
const CLEARLY = 1 / 0.95;

// Plugins stay where they are; what was measured before does not count.
process.env.PJRT_CACHE ??= cacheFolder();

/** What auto takes for a network it has not seen. @returns the engine, and what it says of it. */
async function choose(workload: Workload): Promise<{ engine: string; why: string }> {
  const cache = mkdtempSync(join(tmpdir(), "bioflax-auto-"));
  process.env.BIOFLAX_CACHE = cache;
  try {
    const spec = networkOf(workload);
    const dataset = await datasetOf(workload);
    const createEngine = await loadEngine("auto");
    const { name, why, dispose } = await createEngine({
      spec,
      dataset: workload.sizes ? dataset : { ...dataset, inputShape: spec.inputShape },
      weights: initializeWeights(createNetwork(spec), 0),
      loss: dataset.task === "classification" ? "softmaxCrossEntropy" : "meanSquaredError",
      optimizer: { name: "sgd", learningRate: 0.02 },
      batchSize: workload.batch,
      seed: 0,
      device: "cpu",
      threads,
    });
    await dispose();
    return { engine: name, why: why ?? "" };
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

/** Whether the engine that was taken is the faster one, by how many times as long a step takes in the compiled one. */
function verdict(engine: string, ratio: number): string {
  if (engine === (ratio > 1 ? "xla" : "compiled")) return "yes";
  return Math.max(ratio, 1 / ratio) <= CLEARLY ? "as fast" : "**no**";
}

const client = await xlaClient(threads);
if (client === undefined) process.exit(1);
const rows: string[][] = [];
for (const workload of benchWorkloads.filter(({ name }) => name.match(options.only))) {
  process.stderr.write(`${workload.name}\n`);
  const { engine, why } = await choose(workload);
  const compiled = await compiledTurn(workload, threads);
  const xla = await xlaTurn(client, workload, compiled);
  const clock = (turn: Turn) => (threads === 1 ? processorTurn(turn) : turn);
  const times = await takeTurns(
    new Map([
      ["compiled", clock(compiled.turn)],
      ["xla", clock(xla.turn)],
    ]),
    {
      rounds: Number(options.rounds),
      milliseconds: TURN_MS,
      onFailure: (name, reason) => process.stderr.write(`  ${name}: ${reason}\n`),
    },
  );
  await compiled.end();
  await xla.end();
  const [own, other] = ["compiled", "xla"].map((name) => spread(times.get(name) ?? [])) as [
    Spread,
    Spread,
  ];
  const ratio = own.minimum / other.minimum;
  const columns = [own, other].map((one) => showSpread(one, 3));
  const result = [ratio.toFixed(2), engine, why, verdict(engine, ratio)];
  rows.push([workload.name, ...columns, ...result]);
}
client.destroy();

const clockName = threads === 1 ? "processor time" : `wall time, ${threads} threads`;
const text = `${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}; ${clockName}, ${options.rounds} turns each; median (lowest–highest).

${table(
  [
    "training step",
    "compiled, ms",
    "XLA, ms",
    "compiled / XLA, fastest turns",
    "auto takes",
    "because, it says,",
    "the faster?",
  ],
  rows,
)}
`;
process.stdout.write(text);
if (options.write) writeSection("auto", text);
