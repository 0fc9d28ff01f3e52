// How much faster do ten seeds train as replicas of one another than one after another?
//
//   pnpm --filter benchmarks run replicas [--only 784] [--engines compiled,xla] [--replicas 10] [--rounds 5] [--threads 2]
//
// The same networks take the same steps both ways, in turn; times are of one step of one network, the median of the
// rounds. Random examples: what they are changes no time.
import { parseArgs } from "node:util";
import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type OptimizerSpec, Random } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import { findPlugin, loadPlugin } from "@bioflax/pjrt";
import { XlaNetwork } from "@bioflax/xla";
import { randomSource } from "./random-examples";
import { median } from "./statistics";
import { dense, lenet5, networkOf, type Workload } from "./workloads";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    engines: { type: "string", default: "compiled,xla" },
    replicas: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    threads: { type: "string", default: String(availableThreads()) },
    steps: { type: "string" },
    clock: { type: "string", default: "wall" },
  },
});
const count = Number(options.replicas);
const threads = Number(options.threads);
const EXAMPLES = 2000;

/** Networks with how many steps a turn takes of each: some tenths of a second. */
const workloads: readonly (readonly [Workload, number])[] = [
  [dense([1, 100, 1], 32, "fa", { data: "sinreg", activation: "tanh" }), 4000],
  [dense([16, 100, 50, 10], 32, "fa", { data: "teacher", activation: "tanh" }), 2000],
  [dense([784, 100, 10], 32, "fa"), 400],
  [dense([784, 500, 500, 10], 32, "fa"), 80],
  [lenet5(64), 24],
];

const optimizer: OptimizerSpec = { name: "sgd", learningRate: 0.001 };
const client =
  options.engines.includes("xla") && findPlugin("cpu") !== undefined
    ? await loadPlugin(findPlugin("cpu") as string).createClient()
    : undefined;

/** Milliseconds of one step of one network, by itself and as one of the replicas. */
async function compare(engine: string, workload: Workload, steps: number) {
  const { source, layout } = randomSource(workload, EXAMPLES);
  const spec = networkOf(workload);
  const loss = workload.data === "mnist" ? "softmaxCrossEntropy" : "meanSquaredError";
  const replicas = Array.from({ length: count }, (_, seed) => ({
    ...({ spec, loss, optimizer, seed } as const),
    weights: initializeWeights(createNetwork(spec), seed),
  }));
  const rows = replicas.map(({ seed }) => {
    const random = new Random(seed, "rows");
    return Int32Array.from({ length: steps * workload.batch }, () => random.below(EXAMPLES));
  });
  const setup = { layout, batchSize: workload.batch };
  const place = {
    threads,
    client: client as NonNullable<typeof client>,
    ...(process.env.XOPT && { xlaOptions: JSON.parse(process.env.XOPT) }),
  };
  const Made = engine === "compiled" ? CompiledNetwork : XlaNetwork;
  const alone = await Promise.all(
    replicas.map((own) => Made.create({ ...place, ...setup, ...own })),
  );
  const together = await Made.createReplicas({ ...place, ...setup, replicas });
  const turns = {
    async alone() {
      for (const [i, network] of alone.entries())
        await network.train(source, rows[i] as Int32Array);
    },
    async together() {
      await together.train(source, rows);
    },
  };
  const times = { alone: [] as number[], together: [] as number[] };
  for (let round = -1; round < Number(options.rounds); round++)
    for (const name of ["alone", "together"] as const) {
      const start = performance.now();
      const cpu = process.cpuUsage();
      await turns[name]();
      const { user, system } = process.cpuUsage(cpu);
      const wall = (performance.now() - start) / steps / count;
      if (process.env.SHOW)
        console.log(
          name,
          wall.toFixed(4),
          "wall",
          ((user + system) / 1000 / steps / count).toFixed(4),
          "cpu",
        );
      if (round >= 0)
        times[name].push(options.clock === "cpu" ? (user + system) / 1000 / steps / count : wall);
    }
  for (const network of [...alone, together]) await network.dispose();
  return { alone: median(times.alone), together: median(times.together) };
}

console.log(`${count} networks, ${threads} threads, ms a step of one`);
for (const engine of options.engines.split(","))
  for (const [workload, steps] of workloads) {
    if (!workload.name.includes(options.only)) continue;
    const { alone, together } = await compare(engine, workload, Number(options.steps ?? steps));
    const factor = (alone / together).toFixed(2);
    console.log(
      `${engine}  ${workload.name}: ${alone.toFixed(4)} alone, ${together.toFixed(4)} as replicas, ×${factor}`,
    );
  }
client?.destroy();
