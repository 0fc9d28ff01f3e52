// Is a chunk of training steps faster as an ONNX Loop, or written out one after another? On the processor and on
// WebGPU:
//
//   pnpm --filter benchmarks run loop-or-unrolled [--hidden 32 32] [--rounds 5] [--devices cpu webgpu]
import { parseArgs } from "node:util";
import { type CompiledDevice, CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type NetworkSpec } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { median, showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    hidden: { type: "string", multiple: true, default: ["32", "32"] },
    rounds: { type: "string", default: "5" },
    devices: { type: "string", multiple: true, default: ["cpu", "webgpu"] },
  },
});
const STEPS = 64;
const BATCH = 32;

const data = await loadMnist();
const rows = epochOrder(data.train, { seed: 0, epoch: 0 }).subarray(0, STEPS * BATCH);
const spec: NetworkSpec = {
  inputShape: [784],
  rule: "fa",
  layers: [
    ...options.hidden.map(
      (units) => ({ type: "dense", units: Number(units), activation: "relu" }) as const,
    ),
    { type: "dense", units: 10 },
  ],
};

console.log(
  `784-${options.hidden.join("-")}-10, fa, batch ${BATCH}: ms a step, median (lowest–highest)\n`,
);
console.log("| device | Loop | written out | Loop / written out |\n| --- | --- | --- | --- |");
for (const device of options.devices as CompiledDevice[]) {
  const ways = await Promise.all(
    (["loop", "unrolled"] as const).map(async (steps) => {
      const network = await CompiledNetwork.create({
        spec,
        weights: initializeWeights(createNetwork(spec), 0),
        loss: "softmaxCrossEntropy",
        optimizer: { name: "sgd", learningRate: 0.02 },
        layout: data,
        batchSize: BATCH,
        device,
        steps,
      });
      // Programs are made and the data is taken to the device before anything counts.
      await network.train(data.train.examples, rows);
      return { network, times: [] as number[] };
    }),
  );
  for (let round = 0; round < Number(options.rounds); round++)
    for (const { network, times } of ways) {
      const start = performance.now();
      await network.train(data.train.examples, rows);
      times.push((performance.now() - start) / STEPS);
    }
  const [loop, unrolled] = ways.map(({ times }) => times) as [number[], number[]];
  const ratio = median(loop.map((ms, i) => ms / (unrolled[i] as number)));
  console.log(
    `| ${device} | ${showSpread(spread(loop), 2)} | ${showSpread(spread(unrolled), 2)} | ${ratio.toFixed(2)} |`,
  );
  await Promise.all(ways.map(({ network }) => network.dispose()));
}
