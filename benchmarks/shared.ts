// How fast does everyone train on a machine that others use?
//
//   pnpm --filter benchmarks run shared [--busy 2] [--rounds 5] [--repeats 3] [--python path/to/python3] [--write]
//
// A training step of everyone, quiet and beside processes that do nothing but compute, in turns next to each other; then
// two default runs of the command at a time (--repeats 0: not). bioflax is there once more with as many threads
// throughout, with threads that spin for as long as ONNX Runtime would have them by itself, and with one thread. With --write, the tables go to
// docs/benchmarks.md.
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { InferenceSession } from "onnxruntime-node";
import { BusyProcesses } from "./busy-processes";
import { compiledTurn } from "./compiled-turn";
import { table, writeSection } from "./page";
import { jax, pytorch, startPeers } from "./peers";
import { findPython } from "./python";
import { showSpread, spread } from "./statistics";
import { runsAtOnce } from "./trained-model";
import { contenderTurn, type Turn, takeTurns } from "./turns";
import { dense } from "./workloads";
import { xlaClient, xlaTurn } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    busy: { type: "string", default: String(availableParallelism()) },
    rounds: { type: "string", default: "5" },
    repeats: { type: "string", default: "3" },
    python: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
// Long enough for how many threads do best to be found out in the first of two turns.
const TURN_MS = 1500;
const threads = availableParallelism();
const workload = dense([784, 500, 500, 10], 32, "fa");
const load = loadavg()[0] as number;

const { create } = InferenceSession;
/** bioflax with threads that look out for work as long as ONNX Runtime has them by itself. */
async function spinningTurn() {
  InferenceSession.create = ((model: Uint8Array, given: object) =>
    create(model, {
      ...given,
      extra: { session: { force_spinning_stop: "1" } },
    })) as typeof create;
  const spinning = await compiledTurn(workload, threads);
  // A session is made at its first steps.
  await spinning.turn(16);
  InferenceSession.create = create;
  return spinning;
}

const python = await findPython(options.python);
const peers = python
  ? [pytorch(python, "eager", threads), pytorch(python, "eager", 1), jax(python, "scan")]
  : [];
await startPeers(peers);
const client = await xlaClient(threads);
const ours = await compiledTurn(workload, threads, true);
const inXla = client && (await xlaTurn(client, workload, ours));
const turns = new Map<string, Turn>([
  ["bioflax", ours.turn],
  [`bioflax, ${threads} threads throughout`, (await compiledTurn(workload, threads)).turn],
  [`bioflax, ${threads} threads that spin on`, (await spinningTurn()).turn],
  ["bioflax, 1 thread", (await compiledTurn(workload, 1)).turn],
  ...(inXla ? [["bioflax in XLA", inXla.turn] as const] : []),
  ...peers
    .filter(({ greeting }) => greeting !== undefined)
    .map((peer) => [peer.name, contenderTurn(peer, workload)] as const),
]);

const busy = new BusyProcesses(Number(options.busy));
const BESIDE = " beside others";
const both = [...turns].flatMap(([name, turn]): [string, Turn][] => [
  [name, turn],
  [name + BESIDE, (steps) => busy.beside(() => turn(steps))],
]);
const times = await takeTurns(new Map(both), {
  rounds: Number(options.rounds),
  milliseconds: TURN_MS,
  onFailure: (name, reason) => process.stderr.write(`  ${name}: ${reason}\n`),
});
for (const peer of peers) peer.stop();

const ratios = (all: readonly number[], others: readonly number[]) =>
  showSpread(spread(all.map((ms, i) => ms / (others[i] as number))), 2);
const own = times.get(`bioflax${BESIDE}`) ?? [];
const rows = [...turns.keys()].flatMap((name) => {
  const [quiet, beside] = [times.get(name), times.get(name + BESIDE)];
  if (quiet === undefined || beside === undefined) return [];
  return [
    [
      name,
      ...[quiet, beside].map((all) => showSpread(spread(all), 3)),
      ratios(beside, quiet),
      ratios(beside, own),
    ],
  ];
});
const head = [
  "",
  "ms a step",
  `beside ${options.busy} busy processes`,
  "times as long",
  "times bioflax's, beside them",
];
const about = `${workload.name}; ${threads} × ${cpus()[0]?.model}. ${options.rounds} turns each; median (lowest–highest). Load before: ${load.toFixed(1)}.`;
const steps = `${about}\n\n${table(head, rows)}\n`;
process.stdout.write(`${steps}\n`);

const repeats = Number(options.repeats);
let runs = "";
if (repeats > 0) {
  const rates = { alone: [] as number[], together: [] as number[] };
  for (let repeat = 0; repeat < repeats; repeat++) {
    rates.alone.push(...(await runsAtOnce(1)));
    rates.together.push((await runsAtOnce(2)).reduce((sum, rate) => sum + rate, 0));
  }
  runs = `Default runs, training examples a second, ${repeats} times in turn: one by itself ${showSpread(spread(rates.alone), 0)}, two at a time together ${showSpread(spread(rates.together), 0)}.\n`;
  process.stdout.write(runs);
}
if (options.write) writeSection("shared", `${steps}\n${runs}`);
process.exit();
