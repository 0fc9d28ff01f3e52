import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, Random } from "@bioflax/core";
import { randomSource } from "./random-examples";
import { dense, lenet5, networkOf } from "./workloads";

const w =
  process.argv[2] === "lenet"
    ? lenet5(64)
    : dense(process.argv[2]!.split("-").map(Number), 32, "fa");
const spec = networkOf(w);
const { source, layout } = randomSource(w, 2000);
const net = await CompiledNetwork.create({
  spec,
  loss: "softmaxCrossEntropy",
  optimizer: { name: "sgd", learningRate: 0.001 },
  weights: initializeWeights(createNetwork(spec), 0),
  layout,
  batchSize: w.batch,
  threads: 1,
});
const random = new Random(0, "rows");
const rows = (n: number) => Int32Array.from({ length: n * w.batch }, () => random.below(2000));
for (const n of [8, 16, 80]) await net.train(source, rows(n));
const t: Record<number, number[]> = { 8: [], 16: [], 80: [] };
for (let r = 0; r < 7; r++)
  for (const n of [8, 16, 80]) {
    let calls = 0;
    const c = process.cpuUsage();
    await net.train(source, rows(n), {
      onProgress: () => {
        calls++;
      },
    });
    const { user, system } = process.cpuUsage(c);
    if (calls === 1) t[n]!.push((user + system) / 1000 / n);
  }
for (const n of [8, 16, 80])
  console.log(
    n,
    t[n]!.sort((a, b) => a - b)
      .map((x) => x.toFixed(3))
      .join(" "),
  );
