// How much faster do ten seeds train as replicas of one another than one after another, and than JAX's `vmap`?
//
//   pnpm --filter benchmarks run replicas [--only 784] [--engines compiled,xla,jax] [--replicas 10] [--rounds 5]
//     [--threads 2] [--clock wall|cpu] [--as-one] [--python path/to/python3]
//
// The same networks take steps both ways, in turn, and JAX's of the same kind; times are of one step of one network, and
// gains of turns that follow one another. `cpu` is the processor's clock, on all threads together: it is the same
// whoever computes meanwhile, and shows nothing of what threads do beside each other. Random examples: what they are
// changes no time. With --as-one a step of all replicas is one graph whatever the network.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type OptimizerSpec, Random } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import { XlaNetwork } from "@bioflax/xla";
import { Contender } from "./contender";
import { table } from "./page";
import { jax, startPeers } from "./peers";
import { findPython } from "./python";
import { randomSource } from "./random-examples";
import { showSpread, spread } from "./statistics";
import { contenderTurn, processorTurn, type Turn } from "./turns";
import { dense, lenet5, networkOf, type Workload } from "./workloads";
import { xlaClient } from "./xla-turn";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    engines: { type: "string", default: "compiled,xla,jax" },
    replicas: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: String(availableThreads()) },
    clock: { type: "string", default: "wall" },
    "as-one": { type: "boolean" },
    python: { type: "string" },
  },
});
const count = Number(options.replicas);
const threads = Number(options.threads);
const engines = options.engines.split(",");
const isProcessorTime = options.clock === "cpu";
const EXAMPLES = 2000;

/** Networks, and how many steps a turn takes of each: some tenths of a second, as long as an epoch of a small set. */
const workloads: readonly (readonly [Workload, number])[] = [
  [dense([1, 100, 1], 32, "fa", { data: "sinreg", activation: "tanh" }), 4096],
  [dense([16, 100, 50, 10], 32, "fa", { data: "teacher", activation: "tanh" }), 2048],
  [dense([784, 100, 10], 32, "fa"), 512],
  [dense([784, 500, 500, 10], 32, "fa"), 128],
  [lenet5(64), 24],
];

const optimizer: OptimizerSpec = { name: "sgd", learningRate: 0.001 };
const client = engines.includes("xla") ? await xlaClient(threads) : undefined;
const python = engines.includes("jax") ? await findPython(options.python) : undefined;
/** Of `scan` one network, of `vmap` all of them. */
const peers = new Map(
  (["scan", "vmap"] as const).flatMap((how) => {
    const peer = python && jax(python, how, threads, count);
    const env = isProcessorTime ? { BENCHMARK_CLOCK: "cpu" } : {};
    return peer
      ? [[how, new Contender({ ...peer.setup, env: { ...peer.setup.env, ...env } })]]
      : [];
  }),
);
await startPeers([...peers.values()]);

/** An engine's turns with networks one after another and as replicas. @returns what ends them, too. */
async function turnsOf(engine: "compiled" | "xla", workload: Workload) {
  const { source, layout } = randomSource(workload, EXAMPLES);
  const spec = networkOf(workload);
  const loss = workload.data === "mnist" ? "softmaxCrossEntropy" : "meanSquaredError";
  const replicas = Array.from({ length: count }, (_, seed) => ({
    ...({ spec, loss, optimizer, seed } as const),
    weights: initializeWeights(createNetwork(spec), seed),
  }));
  const rowsOf = (steps: number) =>
    replicas.map(({ seed }) => {
      const random = new Random(seed, "rows");
      return Int32Array.from({ length: steps * workload.batch }, () => random.below(EXAMPLES));
    });
  const setup = { threads, layout, batchSize: workload.batch };
  const joint = { ...setup, replicas, asOne: options["as-one"] };
  const place = { client: client as NonNullable<typeof client> };
  const alone = await Promise.all(
    replicas.map((own) =>
      engine === "compiled"
        ? CompiledNetwork.create({ ...setup, ...own })
        : XlaNetwork.create({ ...place, ...setup, ...own }),
    ),
  );
  const together =
    engine === "compiled"
      ? await CompiledNetwork.createReplicas(joint)
      : await XlaNetwork.createReplicas({ ...place, ...joint });
  /** Milliseconds a step of one network. */
  const timed =
    (train: (rows: readonly Int32Array[]) => Promise<unknown>): Turn =>
    async (steps) => {
      const rows = rowsOf(steps);
      const start = performance.now();
      await train(rows);
      return (performance.now() - start) / steps / count;
    };
  const turns = {
    alone: timed(async (rows) => {
      for (const [i, network] of alone.entries())
        await network.train(source, rows[i] as Int32Array);
    }),
    together: timed((rows) => together.train(source, rows)),
  };
  const end = async () => {
    for (const network of [...alone, together]) await network.dispose();
  };
  return { turns, end };
}

/** Rounds in which everyone takes a turn; what is made at the first steps, and how many steps go to a call, is not of them. */
async function rounds(turns: ReadonlyMap<string, Turn>, steps: number) {
  const times = new Map([...turns.keys()].map((name) => [name, [] as number[]]));
  for (let round = -2; round < Number(options.rounds); round++)
    for (const [name, turn] of turns) {
      const milliseconds = await turn(steps);
      if (round >= 0) times.get(name)?.push(milliseconds);
    }
  return times;
}

/** Of all networks: processor time a step of one. */
const ofOne =
  (turn: Turn): Turn =>
  async (steps) =>
    (await turn(steps)) / count;

const rows: string[][] = [];
for (const [workload, steps] of workloads.filter(([{ name }]) => name.includes(options.only))) {
  const turns = new Map<string, Turn>();
  const ends: (() => Promise<void>)[] = [];
  for (const engine of ["compiled", "xla"] as const) {
    if (!engines.includes(engine) || (engine === "xla" && client === undefined)) continue;
    const { turns: own, end } = await turnsOf(engine, workload);
    ends.push(end);
    for (const [how, turn] of Object.entries(own))
      turns.set(`${engine} ${how}`, isProcessorTime ? ofOne(processorTurn(turn)) : turn);
  }
  for (const [how, peer] of peers) {
    if (peer.greeting === undefined) continue;
    const turn = contenderTurn(peer, workload);
    turns.set(how, how === "vmap" ? ofOne(turn) : turn);
  }
  const times = await rounds(turns, steps);
  for (const end of ends) await end();
  const micro = (name: string) => {
    const own = times.get(name);
    return own ? showSpread(spread(own.map((ms) => ms * 1000)), 1) : "–";
  };
  const ratio = (slow: string, fast: string) => {
    const [a, b] = [times.get(slow), times.get(fast)];
    return a && b ? showSpread(spread(a.map((ms, i) => ms / (b[i] as number))), 2) : "–";
  };
  rows.push([
    workload.name,
    ...["compiled alone", "compiled together"].map(micro),
    ratio("compiled alone", "compiled together"),
    ...["xla alone", "xla together"].map(micro),
    ratio("compiled alone", "xla together"),
    ...["scan", "vmap"].map(micro),
    ratio("vmap", "compiled together"),
    ratio("vmap", "xla together"),
  ]);
  process.stderr.write(`${(rows.at(-1) as string[]).join(" | ")}\n`);
}
client?.destroy();
for (const peer of peers.values()) peer.stop();
const head = [
  ...["µs a step of one network", "compiled, one after another", "as replicas", "gain"],
  ...["xla, one after another", "as replicas", "compiled one after another / xla replicas"],
  ...["JAX scan", "vmap", "vmap / compiled replicas", "vmap / xla replicas"],
];
const clock = isProcessorTime ? "processor time of all threads" : "wall time";
console.log(
  `${cpus()[0]?.model}, ${count} networks, ${threads} threads, ${clock}, ${options.rounds} rounds; median (lowest–highest).\n\n${table(head, rows)}`,
);
