import { CompiledNetwork, type CompiledNetworkSetup } from "@bioflax/compiler";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { type Dataset, epochOrder, sineRegression, teacherStudent } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import type { Turn } from "./turns";
import { networkOf, type Workload } from "./workloads";

let mnist: Promise<Dataset> | undefined;

/** What a workload is learnt from. */
export async function datasetOf({ data, sizes = [], batch }: Workload): Promise<Dataset> {
  if (data === "mnist") {
    mnist ??= loadMnist();
    return mnist;
  }
  const [inputs, outputs] = [sizes[0] as number, sizes.at(-1) as number];
  const options = { batchSize: batch, seqLen: inputs };
  return data === "sinreg" ? sineRegression(options) : teacherStudent({ ...options, outputs });
}

/** A workload's network, compiled, with the data set it is for. */
export async function compiledWorkload(
  workload: Workload,
  options: Pick<CompiledNetworkSetup, "threads" | "threadsVary" | "matrices">,
): Promise<{ network: CompiledNetwork; data: Dataset }> {
  const data = await datasetOf(workload);
  const spec = networkOf(workload);
  const network = await CompiledNetwork.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: data.task === "classification" ? "softmaxCrossEntropy" : "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.02 },
    layout: workload.sizes ? data : { ...data, inputShape: spec.inputShape },
    batchSize: workload.batch,
    ...options,
  });
  return { network, data };
}

/** A network's turns: its data in memory, shuffle included; epochs one after another, as if they were one. */
export function turnOf(
  network: Pick<CompiledNetwork, "train">,
  data: Dataset,
  batch: number,
): Turn {
  const perEpoch = Math.floor(data.train.indices.length / batch);
  let epoch = 0;
  return async (steps) => {
    const start = performance.now();
    const rows = new Int32Array(steps * batch);
    for (let done = 0; done < steps; done += perEpoch) {
      const order = epochOrder(data.train, { seed: 0, epoch: epoch++ });
      rows.set(order.subarray(0, Math.min(perEpoch, steps - done) * batch), done * batch);
    }
    await network.train(data.train.examples, rows);
    return (performance.now() - start) / steps;
  };
}

/** A compiled network, its turns, and what ends it. */
export interface CompiledTurn {
  readonly network: CompiledNetwork;
  readonly turn: Turn;
  readonly end: () => Promise<void>;
}

/** bioflax compiled on a workload. @param threadsVary whether it takes fewer threads where that is faster. */
export async function compiledTurn(
  workload: Workload,
  threads: number,
  threadsVary = false,
): Promise<CompiledTurn> {
  const { network, data } = await compiledWorkload(workload, { threads, threadsVary });
  return { network, turn: turnOf(network, data, workload.batch), end: () => network.dispose() };
}
