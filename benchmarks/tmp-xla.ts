import { createNetwork, initializeWeights, Random } from "@bioflax/core";
import { findPlugin, loadPlugin } from "@bioflax/pjrt";
import { XlaNetwork } from "@bioflax/xla";
import { randomSource } from "./random-examples";
import { dense, networkOf } from "./workloads";

const client = await loadPlugin(findPlugin("cpu") as string).createClient();
const w =
  process.argv[2] === "1"
    ? dense([1, 100, 1], 32, "fa", { data: "sinreg", activation: "tanh" })
    : dense([784, 100, 10], 32, "fa");
const spec = networkOf(w);
const { source, layout } = randomSource(w, 2000);
const loss = w.data === "mnist" ? "softmaxCrossEntropy" : "meanSquaredError";
const make = (n: number, from: number) =>
  XlaNetwork.createReplicas({
    client,
    layout,
    batchSize: 32,
    replicas: Array.from({ length: n }, (_, i) => ({
      spec,
      loss,
      optimizer: { name: "sgd", learningRate: 0.001 } as const,
      weights: initializeWeights(createNetwork(spec), from + i),
      seed: from + i,
    })),
  });
const steps = process.argv[2] === "1" ? 4000 : 400;
const random = new Random(0, "rows");
const rows = (n: number) =>
  Array.from({ length: n }, () =>
    Int32Array.from({ length: steps * 32 }, () => random.below(2000)),
  );
const [a, b, all] = [await make(5, 0), await make(5, 5), await make(10, 0)];
const r5 = rows(5),
  r10 = rows(10);
await a.train(source, r5);
await b.train(source, r5);
await all.train(source, r10);
for (let i = 0; i < 4; i++) {
  const t = performance.now();
  const c = process.cpuUsage();
  await Promise.all(
    [a, b].map(async (n, k) => {
      await n.train(source, r5, {
        onProgress: (e) => console.log(k, e, (performance.now() - t).toFixed(0)),
      });
    }),
  );
  const u = process.cpuUsage(c);
  const t2 = performance.now();
  const c2 = process.cpuUsage();
  await all.train(source, r10);
  const u2 = process.cpuUsage(c2);
  console.log(
    "shares",
    (t2 - t).toFixed(0),
    "cpu",
    ((u.user + u.system) / 1000).toFixed(0),
    "one",
    (performance.now() - t2).toFixed(0),
    "cpu",
    ((u2.user + u2.system) / 1000).toFixed(0),
  );
}
