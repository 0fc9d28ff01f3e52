// How much faster do ten networks train as one on TensorFlow.js than one after another?
//
//   pnpm --filter benchmarks run replicas-eager [--devices tensorflow,wasm,cpu] [--replicas 10] [--rounds 5] [--only 784]
//
// Steps of the eager engine both ways, in turn, on one thread, in µs of the processor's clock a step of one network:
// what others compute beside it leaves them alone. Devices that are not there are left out. Random examples: what they
// are changes no time.
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  createNetwork,
  createTrainable,
  initializeWeights,
  type OptimizerSpec,
  Random,
} from "@bioflax/core";
import { fromSpec, NetworkReplicas, optimizer, trainModel } from "@bioflax/layers";
import { type EagerDeviceName, useDevice } from "@bioflax/layers/node";
import { table } from "./page";
import { showSpread, spread } from "./statistics";
import { processorTurn, takeTurns } from "./turns";
import { dense, lenet5, networkOf, type Workload } from "./workloads";

const { values: options } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    devices: { type: "string", default: "tensorflow,wasm,cpu" },
    replicas: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "" },
    milliseconds: { type: "string", default: "1000" },
  },
});
const count = Number(options.replicas);
const rounds = Number(options.rounds);
const milliseconds = Number(options.milliseconds);

const workloads: readonly Workload[] = [
  dense([1, 100, 1], 32, "fa", { data: "sinreg", activation: "tanh" }),
  dense([16, 100, 50, 10], 32, "fa", { data: "teacher", activation: "tanh" }),
  dense([64, 100, 10], 32, "fa"),
  dense([784, 100, 10], 32, "fa"),
  dense([784, 500, 500, 10], 32, "fa"),
  lenet5(64),
];
const sgd: OptimizerSpec = { name: "sgd", learningRate: 0.001 };

/** Both ways to take a step of all networks. */
async function turnsOn(device: EagerDeviceName, workload: Workload) {
  const { tf } = await useDevice(device, { threads: 1 });
  const spec = networkOf(workload);
  const network = createNetwork(spec);
  const loss = workload.data === "mnist" ? "softmaxCrossEntropy" : "meanSquaredError";
  const training = { spec, loss, optimizer: sgd } as const;
  const trainable = createTrainable(training);
  const replicas = Array.from({ length: count }, (_, seed) => ({
    ...{ ...training, seed },
    weights: initializeWeights(network, seed),
  }));
  const models = replicas.map(({ weights, seed }) => ({
    ...{ trainable, model: fromSpec(spec, weights, { seed }), optimizer: optimizer(sgd) },
  }));
  const together = new NetworkReplicas(replicas);
  const random = new Random(0, "replicas-eager");
  const numbers = (length: number) => Float32Array.from({ length }, () => random.normal());
  const { batch } = workload;
  const rows = [count, batch];
  const inputSize = spec.inputShape.reduce((size, extent) => size * extent, 1);
  const input = tf.tensor(numbers(count * batch * inputSize), [...rows, ...spec.inputShape]);
  const target =
    workload.data === "mnist"
      ? tf.tensor(
          Int32Array.from({ length: count * batch }, () => random.below(10)),
          rows,
          "int32",
        )
      : tf.tensor(numbers(count * batch * network.outputs), [...rows, network.outputs]);
  const targets = tf.unstack(target);
  const batches = tf
    .unstack(input)
    .map((own, i) => ({ input: own, target: targets[i] as typeof own }));
  const takes = {
    "one after another": () =>
      models.map((model, i) =>
        trainModel(model, batches[i] as (typeof batches)[number], ({ pass }) => pass.loss),
      ),
    "as one": () => together.step({ input, target }).loss,
  };
  const turns = new Map(
    Object.entries(takes).map(([how, take]) => [
      how,
      processorTurn(async (steps) => {
        for (let step = 0; step < steps; step++) {
          const losses = [take()].flat();
          // What nobody asks for may be put off.
          await Promise.all(losses.map((loss) => loss.data()));
          tf.dispose(losses);
        }
        return 0;
      }),
    ]),
  );
  const end = () => {
    for (const { model } of models) model.dispose();
    together.dispose();
    tf.disposeVariables();
  };
  return { turns, end };
}

const lines: string[][] = [];
for (const device of options.devices.split(",") as EagerDeviceName[])
  for (const workload of workloads.filter(({ name }) => name.includes(options.only))) {
    try {
      const { turns, end } = await turnsOn(device, workload);
      const onFailure = (name: string, reason: string) => {
        throw new Error(`${name}: ${reason}`);
      };
      const times = await takeTurns(turns, { rounds, milliseconds, onFailure });
      end();
      const [alone, together] = [...times.values()] as [number[], number[]];
      const micro = (values: readonly number[]) =>
        showSpread(spread(values.map((ms) => (ms * 1000) / count)), 0);
      const gains = alone.map((ms, i) => ms / (together[i] as number));
      lines.push([
        ...[device, workload.name, micro(alone), micro(together), showSpread(spread(gains), 2)],
      ]);
      process.stderr.write(`${(lines.at(-1) as string[]).join(" | ")}\n`);
    } catch (error) {
      process.stderr.write(`${device}, ${workload.name}: ${(error as Error).message}\n`);
    }
  }
console.log(
  `${cpus()[0]?.model}, ${count} networks, one thread, µs of the processor a step of one network, ${rounds} rounds; median (lowest–highest).\n\n${table(["device", "network", "one after another", "as one", "gain"], lines)}`,
);
