import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, Random } from "@bioflax/core";
import { randomSource } from "./random-examples";
import { dense, lenet5, networkOf } from "./workloads";
for (const w of [dense([784, 500, 500, 10], 32, "fa"), dense([784, 100, 10], 32, "kp"), lenet5(64)]) {
  const spec = networkOf(w);
  const { source, layout } = randomSource(w, 2000);
  const random = new Random(0, "rows");
  const n = w.sizes ? 40 : 12;
  const rows = Int32Array.from({ length: n * w.batch + 5 }, () => random.below(2000));
  const all = [];
  for (const threads of [1, 2, 3]) {
    const net = await CompiledNetwork.create({ spec, loss: "softmaxCrossEntropy", optimizer: { name: "sgd", learningRate: 0.01, momentum: 0.9 }, weights: initializeWeights(createNetwork(spec), 0), layout, batchSize: w.batch, threads });
    const { losses } = await net.train(source, rows);
    all.push(JSON.stringify([[...losses], (await net.evaluate(source, rows)), Object.values(await net.weights()).map((x) => x.reduce((a, b) => a + b, 0))]));
    await net.dispose();
  }
  console.log(w.name, all[0] === all[1], all[0] === all[2]);
}
