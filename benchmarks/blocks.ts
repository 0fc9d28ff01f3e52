// What is gained by matrices that lie in blocks? Training steps on MNIST, in turn with matrices in rows, and in the same bits of data:
//
//   pnpm --filter benchmarks run blocks [--rounds 5]
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { epochOrder, loadMnist } from "@bioflax/datasets";
import { benchWorkloads } from "./bench-workloads";
import { operationsPerExample } from "./operations";
import { median, showSpread, spread } from "./statistics";
import { networkOf } from "./workloads";

const { values: options } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const TURN_MS = 300;
const threads = availableParallelism();
const data = await loadMnist();
console.log(
  "| training step | rows, ms | blocks, ms | times as fast | GFLOP/s in blocks | losses differ by at most |\n|---|---|---|---|---|---|",
);
for (const workload of benchWorkloads) {
  const { name, data: from, batch } = workload;
  if (from !== "mnist" || !name.includes(options.only)) continue;
  const spec = networkOf(workload);
  const contenders = await Promise.all(
    (["rows", "blocks"] as const).map((matrices) =>
      CompiledNetwork.create({
        spec,
        weights: initializeWeights(createNetwork(spec), 0),
        loss: "softmaxCrossEntropy",
        optimizer: { name: "sgd", learningRate: 0.02 },
        layout: { ...data, inputShape: spec.inputShape },
        batchSize: batch,
        threads,
        matrices,
      }),
    ),
  );
  const rows = epochOrder(data.train, { seed: 0, epoch: 0 });
  const turn = async (network: CompiledNetwork, steps: number) => {
    const start = performance.now();
    const { losses } = await network.train(data.train.examples, rows.subarray(0, steps * batch));
    return { ms: (performance.now() - start) / steps, losses };
  };
  const first = await Promise.all(
    contenders.map(async (network) => (await turn(network, 16)).losses),
  );
  const difference = Math.max(
    ...Array.from(first[0] as Float64Array, (loss, i) =>
      Math.abs(loss - (first[1]?.[i] as number)),
    ),
  );
  const steps: number[] = [];
  for (const network of contenders) {
    const { ms } = await turn(network, 24);
    steps.push(Math.min(Math.floor(54000 / batch), Math.max(8, 8 * Math.round(TURN_MS / ms / 8))));
    await turn(network, steps.at(-1) as number);
  }
  const times: number[][] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++)
    for (const [i, network] of contenders.entries())
      times[i]?.push((await turn(network, steps[i] as number)).ms);
  const [inRows, inBlocks] = times as [number[], number[]];
  const operations = operationsPerExample(createNetwork(spec)) * batch;
  console.log(
    `| ${[
      name,
      showSpread(spread(inRows), 3),
      showSpread(spread(inBlocks), 3),
      showSpread(spread(inRows.map((ms, i) => ms / (inBlocks[i] as number))), 2),
      Math.round(operations / median(inBlocks) / 1e6),
      difference.toExponential(1),
    ].join(" | ")} |`,
  );
  for (const network of contenders) await network.dispose();
}
