// How fast are small networks in XLA beside the compiled engine and JAX's `lax.scan`, on one thread?
//
//   pnpm --filter benchmarks run xla-small [--only pattern] [--turns 7] [--python path/to/python3]
//
// As `pnpm bench` has it, but timed by the processor's clock: it is the same who computes meanwhile. Each contender
// shuffles the examples anew for every epoch, and holds them where it computes. JAX comes from the environment that
// `pnpm bench` makes, or from --python.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchWorkloads } from "./bench-workloads";
import { compiledTurn } from "./compiled-turn";
import { Contender } from "./contender";
import { table } from "./page";
import { jax, startPeers } from "./peers";
import { findPython } from "./python";
import { showSpread, spread } from "./statistics";
import { contenderTurn, processorTurn, type Turn, takeTurns } from "./turns";
import { xlaClient, xlaTurn } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "(1-100-1|16-100-50-10|784-100-10|784-500-500-10).* fa$" },
    turns: { type: "string", default: "7" },
    python: { type: "string" },
  },
});
/** How long a turn takes. */
const TURN_MS = 300;

const python = await findPython(options.python);
const scan = python && jax(python, "scan", 1);
// The same contender, by another clock.
const peer =
  scan && new Contender({ ...scan.setup, env: { ...scan.setup.env, BENCHMARK_CLOCK: "cpu" } });
if (peer !== undefined) await startPeers([peer]);
const client = await xlaClient(1);
if (client === undefined) process.exit(1);

const rows: string[][] = [];
for (const workload of benchWorkloads.filter(({ name }) => name.match(options.only))) {
  const compiled = await compiledTurn(workload, 1);
  const xla = await xlaTurn(client, workload, compiled);
  const turns = new Map<string, Turn>([
    ["compiled", processorTurn(compiled.turn)],
    ["xla", processorTurn(xla.turn)],
  ]);
  if (peer?.greeting !== undefined) turns.set("scan", contenderTurn(peer, workload));
  const times = await takeTurns(turns, {
    rounds: Number(options.turns),
    milliseconds: TURN_MS,
    onFailure: (name, reason) => process.stderr.write(`  ${name}: ${reason}\n`),
  });
  await compiled.end();
  await xla.end();
  const own = times.get("xla") ?? [];
  const ratio = (name: string) => {
    const other = times.get(name);
    return other ? showSpread(spread(other.map((ms, i) => ms / (own[i] as number))), 2) : "–";
  };
  const microseconds = spread(own.map((ms) => ms * 1000));
  rows.push([workload.name, showSpread(microseconds, 2), ratio("compiled"), ratio("scan")]);
}
client.destroy();
peer?.stop();
const head = ["training step", "XLA, µs", "compiled / XLA", "lax.scan / XLA"];
console.log(
  `${cpus()[0]?.model}, one thread, processor time, ${options.turns} turns each; median (lowest–highest).\n\n${table(head, rows)}`,
);
