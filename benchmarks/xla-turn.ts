import { createNetwork, initializeWeights } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { findPlugin, loadPlugin, type PjrtClient } from "@bioflax/pjrt";
import { XlaNetwork } from "@bioflax/xla";
import { type CompiledTurn, datasetOf, turnOf } from "./compiled-turn";
import type { Turn } from "./turns";
import { networkOf, type Workload } from "./workloads";

/** On how many steps the losses of two engines are compared, and how far they may be apart, relative. */
const STEPS = 20;
const TOLERANCE = 1e-3;

/** XLA on the processor with so many threads; undefined, and a line says so, where its plugin is not installed. */
export async function xlaClient(threads: number): Promise<PjrtClient | undefined> {
  const plugin = findPlugin("cpu");
  if (plugin === undefined) {
    process.stderr.write("XLA is left out: `pnpm bioflax devices --install xla-cpu` gets it\n");
    return undefined;
  }
  // As the command's engine starts it.
  process.env.PJRT_NPROC = String(threads);
  return loadPlugin(plugin).createClient({ cpu_device_count: 1 });
}

/**
 * bioflax in XLA on a workload.
 *
 * @param compiled the same workload in ONNX Runtime, untrained: both begin with the same steps, to the same losses.
 */
export async function xlaTurn(
  client: PjrtClient,
  workload: Workload,
  compiled: CompiledTurn,
): Promise<{ turn: Turn; end: () => Promise<void> }> {
  const data = await datasetOf(workload);
  const spec = networkOf(workload);
  const { batch } = workload;
  const network = await XlaNetwork.create({
    client,
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: data.task === "classification" ? "softmaxCrossEntropy" : "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.02 },
    layout: workload.sizes ? data : { ...data, inputShape: spec.inputShape },
    batchSize: batch,
  });
  const rows = epochOrder(data.train, { seed: 1, epoch: 0 }).subarray(0, STEPS * batch);
  const [own, others] = [network, compiled.network].map((one) =>
    one.train(data.train.examples, rows),
  );
  const expected = (await others)?.losses ?? [];
  (await own)?.losses.forEach((loss, step) => {
    const other = expected[step] as number;
    // A workload may diverge, as bioflax for Python's default does: then both have the same infinity.
    if (!Object.is(loss, other) && !(Math.abs(loss - other) <= TOLERANCE * Math.abs(other)))
      throw new Error(
        `${workload.name}: step ${step} comes to ${loss} in XLA, to ${other} in ONNX Runtime`,
      );
  });
  return { turn: turnOf(network, data, batch), end: () => network.dispose() };
}
