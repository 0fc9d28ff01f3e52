// How much of the machine's matrix-product peak does compiled training reach, whole epochs with their shuffle?
//
//   pnpm --filter benchmarks run compiled [--rule fa --batch 32 --epochs 7 --json out.json]
//
// The peak is measured through the same library, before and after each epoch, so both see the same machine.
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { runtimeVersion } from "@bioflax/compiler";
import type { RuleName } from "@bioflax/core";
import { epochOrder } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { compiledNetwork } from "./mnist-network";
import { operationsPerExample } from "./operations";
import { peakMeter } from "./peak";
import { median, showSpread, spread } from "./statistics";

const { values: options } = parseArgs({
  options: {
    rule: { type: "string", multiple: true, default: ["bp", "fa", "kp", "dfa"] },
    batch: { type: "string", default: "32" },
    hidden: { type: "string", multiple: true, default: ["500", "500"] },
    epochs: { type: "string", default: "7" },
    threads: { type: "string", default: String(availableParallelism()) },
    json: { type: "string" },
  },
});
const threads = Number(options.threads);
const batchSize = Number(options.batch);
const sizes = [784, ...options.hidden.map(Number), 10];

const data = await loadMnist();
const measurePeak = await peakMeter(threads);
await measurePeak(3);
const rows = [];
for (const rule of options.rule as RuleName[]) {
  const network = await compiledNetwork(data, {
    rule,
    sizes,
    activation: "relu",
    learningRate: 0.02,
    batchSize,
    threads,
  });
  const operations = operationsPerExample(network.network);
  const epoch = async (number: number) => {
    const start = performance.now();
    const order = epochOrder(data.train, { seed: 0, epoch: number });
    const { losses } = await network.train(data.train.examples, order);
    return {
      seconds: (performance.now() - start) / 1000,
      steps: losses.length,
      examples: order.length,
    };
  };
  await epoch(0);
  const measured = [];
  let before = await measurePeak(4);
  for (let number = 1; number <= Number(options.epochs); number++) {
    const { seconds, steps, examples } = await epoch(number);
    const after = await measurePeak(4);
    const speed = (operations * examples) / seconds;
    measured.push({ milliseconds: (1000 * seconds) / steps, speed, peak: Math.max(before, after) });
    before = after;
  }
  await network.dispose();
  rows.push({
    rule,
    millisecondsPerStep: spread(measured.map(({ milliseconds }) => milliseconds)),
    floorMilliseconds: median(measured.map(({ peak }) => (1000 * operations * batchSize) / peak)),
    gigaflops: spread(measured.map(({ speed }) => speed / 1e9)),
    peakGigaflops: spread(measured.map(({ peak }) => peak / 1e9)),
    shareOfPeak: spread(measured.map(({ speed, peak }) => speed / peak)),
  });
}

console.log(
  `${sizes.join("-")}, batch ${batchSize}, sgd, ${threads} threads, ONNX Runtime ${await runtimeVersion()}, ${cpus()[0]?.model}, Node ${process.version}`,
);
console.log(
  `Median (lowest–highest) of ${options.epochs} epochs of ${data.train.indices.length} examples, shuffle included.\n`,
);
console.log(
  "| rule | ms a step | floor, ms | GFLOP/s | peak GFLOP/s | share of peak |\n|---|---|---|---|---|---|",
);
for (const row of rows) {
  console.log(
    `| ${row.rule} | ${showSpread(row.millisecondsPerStep, 3)} | ${row.floorMilliseconds.toFixed(3)} | ${showSpread(row.gigaflops, 0)} | ${showSpread(row.peakGigaflops, 0)} | ${showSpread(row.shareOfPeak, 2)} |`,
  );
}
if (options.json)
  writeFileSync(options.json, `${JSON.stringify({ sizes, batchSize, threads, rows }, null, 2)}\n`);
