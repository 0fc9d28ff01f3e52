// Is bioflax faster than what a user would pick instead? The compiled engine, and XLA where its plugin is installed,
// beside PyTorch, JAX and TensorFlow.js on the same machine:
//
//   pnpm bench [--only pattern] [--rounds 5] [--repeats 3] [--python path/to/python3] [--json out.json] [--write]
//
// First training steps, which contenders take in turn, so all see the same machine; ratios are of turns next to each
// other, and their median counts. Then a whole default run, from the command to the trained network (--repeats 0: not).
// PyTorch and JAX come from an environment that is made in benchmarks/.venv, or from --python. Tables go to stdout, and
// with --write into docs/benchmarks.md and benchmarks/results.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { runtimeVersion } from "@bioflax/compiler";
import { benchTable, type Row, rowOf, XLA } from "./bench-table";
import { benchWorkloads } from "./bench-workloads";
import { compiledTurn, datasetOf } from "./compiled-turn";
import type { Contender } from "./contender";
import { floorOf } from "./floor";
import { writeResults, writeSection } from "./page";
import { constantPeakMeter, peakMeter } from "./peak";
import { jax, pytorch, startPeers } from "./peers";
import { findPython } from "./python";
import { tensorflowFit } from "./tensorflow-fit";
import { trainedTable, trainModels } from "./trained-model";
import { contenderTurn, type Turn, takeTurns } from "./turns";
import { xlaClient, xlaTurn } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "5" },
    repeats: { type: "string", default: "3" },
    python: { type: "string" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
if (options.write && options.only) throw new Error("--write is of the whole: leave --only out.");
/** How long a contender's turn takes. */
const TURN_MS = 300;
const threads = availableParallelism();
const say = (text: string) => process.stderr.write(`${text}\n`);

const python = await findPython(options.python);
// As many threads as there are is not always best.
const counts = [...new Set([threads, 1])];
const peers = python
  ? [
      ...counts.map((count) => pytorch(python, "eager", count)),
      pytorch(python, "compile", threads),
      jax(python, "jit"),
      jax(python, "loader"),
      jax(python, "scan"),
    ]
  : [];
await startPeers(peers);
const there = peers.filter(({ greeting }) => greeting !== undefined);

const meters = [
  { name: "ONNX Runtime", measure: await peakMeter(threads) },
  { name: "ONNX Runtime with a constant factor", measure: await constantPeakMeter(threads) },
];
/** The fastest products seen, by what made them, in operations a second. */
const products = new Map<string, number>();
const seen = (name: string, speed = 0) =>
  products.set(name, Math.max(speed, products.get(name) ?? 0));
const multipliers = there.filter(({ greeting }) => greeting?.products !== undefined);
const libraryOf = ({ name }: Contender) => name.split(/[ ,]/)[0] as string;
for (const peer of multipliers) seen(libraryOf(peer), peer.greeting?.products);

const client = await xlaClient(threads);
const measured = [];
for (const workload of benchWorkloads.filter(({ name }) => name.match(options.only))) {
  say(workload.name);
  for (const { name, measure } of meters) seen(name, await measure(3));
  const ours = await compiledTurn(workload, threads);
  const inXla = client && (await xlaTurn(client, workload, ours));
  const turns = new Map<string, Turn>([["bioflax", ours.turn]]);
  if (inXla !== undefined) turns.set(XLA, inXla.turn);
  for (const peer of there) turns.set(peer.name, contenderTurn(peer, workload));
  const fit =
    workload.rule === "bp" && workload.data === "mnist" && workload.sizes
      ? await tensorflowFit(workload, await datasetOf(workload))
      : undefined;
  if (fit !== undefined) turns.set("TensorFlow.js fit", fit.turn);
  const times = await takeTurns(turns, {
    rounds: Number(options.rounds),
    milliseconds: TURN_MS,
    onFailure: (name, reason) => say(`  ${name}: ${reason}`),
  });
  measured.push({ workload, times });
  await ours.end();
  await inXla?.end();
  fit?.end();
}
client?.destroy();
// Once more: the machine may have been slow when they began.
for (const peer of multipliers)
  seen(libraryOf(peer), (await peer.ask({ products: true }, 60_000)).products);
for (const peer of peers) peer.stop();

const [[fastest, peak]] = [...products].sort(([, a], [, b]) => b - a) as [[string, number]];
const rows: Row[] = [];
for (const { workload, times } of measured)
  rows.push(rowOf(workload.name, times, await floorOf(workload, peak, threads)));

const about = [
  `${cpus().length} × ${cpus()[0]?.model}`,
  `Node ${process.versions.node}`,
  `ONNX Runtime ${await runtimeVersion()}`,
  ...new Set(there.map(({ greeting }) => greeting?.about.replace(/,[^,]*$/, "") as string)),
  `matrix products at most, Tflop/s: ${[...products].map(([name, speed]) => `${name} ${(speed / 1e12).toFixed(3)}`).join(", ")}; the peak is that of ${fastest}`,
];
const steps = `${about.join("; ")}. ${options.rounds} turns each; median (lowest–highest).\n\n${benchTable(rows)}\n`;
process.stdout.write(`${steps}\n`);
const trained =
  Number(options.repeats) > 0 ? await trainModels(python, Number(options.repeats)) : undefined;
const runs = trained && trainedTable(trained);
if (runs) process.stdout.write(runs);

const results = { about, products: Object.fromEntries(products), rows, ...trained };
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`);
if (options.write) {
  writeSection("peers", steps);
  if (runs)
    writeSection(
      "trained",
      `${options.repeats} runs each, in turn; median (lowest–highest).\n\n${runs}`,
    );
  writeResults("peers", results);
}
