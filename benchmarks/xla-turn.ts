import { createNetwork, initializeWeights } from "@bioflax/core";
import { findPlugin, loadPlugin, type PjrtClient } from "@bioflax/pjrt";
import { XlaNetwork } from "@bioflax/xla";
import { datasetOf, turnOf } from "./compiled-turn";
import type { Turn } from "./turns";
import { networkOf, type Workload } from "./workloads";

let client: Promise<PjrtClient> | undefined;

/** bioflax in XLA on a workload, or undefined, and a line that says so, where there is no plugin for the processor. */
export async function xlaTurn(
  workload: Workload,
): Promise<{ turn: Turn; end: () => Promise<void> } | undefined> {
  const plugin = findPlugin("cpu");
  if (plugin === undefined) {
    process.stderr.write("XLA is left out: `npx pjrt install cpu` gets its plugin\n");
    return undefined;
  }
  client ??= loadPlugin(plugin).createClient();
  const data = await datasetOf(workload);
  const spec = networkOf(workload);
  const network = await XlaNetwork.create({
    client: await client,
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: data.task === "classification" ? "softmaxCrossEntropy" : "meanSquaredError",
    optimizer: { name: "sgd", learningRate: 0.02 },
    layout: workload.sizes ? data : { ...data, inputShape: spec.inputShape },
    batchSize: workload.batch,
  });
  return { turn: turnOf(network, data, workload.batch), end: () => network.dispose() };
}
