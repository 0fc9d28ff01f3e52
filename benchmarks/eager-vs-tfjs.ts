// How much faster is the eager engine than TensorFlow.js's own layers on wasm, rule by rule?
//
//   pnpm --filter benchmarks run eager-rules [--rounds 12 --steps 40 --json eager.json]
//
// The main job's network, 784-500-500-10, batches of 32, plain sgd, on the wasm backend (one thread). The yardstick is
// `model.fit` of `tf.layers.dense` with backpropagation. In each round every contestant trains the same number of
// steps, in turn, so that a change in the machine's speed meets them all; a speed-up is the median over rounds of the
// ratio within a round, with the smallest and the largest beside it.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  Random,
  type RuleName,
  rules,
} from "@bioflax/core";
import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { bioNetwork, loss, optimizer } from "@bioflax/layers";
import { loadEngine } from "@bioflax/trainer";
import * as tf from "@tensorflow/tfjs";
import { showSpread, spread } from "./statistics";
import "@tensorflow/tfjs-backend-wasm";

const { values: flags } = parseArgs({
  args: process.argv.slice(2).filter((argument) => argument !== "--"),
  options: {
    rounds: { type: "string", default: "12" },
    steps: { type: "string", default: "40" },
    json: { type: "string" },
  },
});
const [rounds, steps] = [Number(flags.rounds), Number(flags.steps)];
const WARM_UP_ROUNDS = 2;
const BATCH = 32;
const LEARNING_RATE = 0.02;
const [INPUTS, HIDDEN, CLASSES] = [784, 500, 10];

const random = new Random(0, "benchmark");
const count = steps * BATCH;
const pixels = Uint8Array.from({ length: count * INPUTS }, () => random.below(256));
const labels = Int32Array.from({ length: count }, () => random.below(CLASSES));
const all = wholeSplit({ inputs: pixels, targets: labels, count });
const normalization = { scale: 1 / 255, mean: 0.1307, standardDeviation: 0.3081 };
const dataset: Dataset = {
  name: "random",
  task: "classification",
  inputShape: [INPUTS],
  targetShape: [],
  outputs: CLASSES,
  normalization,
  train: all,
  test: all,
};

tf.enableProdMode();
await tf.setBackend("wasm");
const xs = tf.tidy(() =>
  tf.div(
    tf.sub(
      tf.mul(tf.tensor2d(Float32Array.from(pixels), [count, INPUTS]), normalization.scale),
      normalization.mean,
    ),
    normalization.standardDeviation,
  ),
);
const ys = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES), "float32"));

type Contestant = () => Promise<unknown>;
const fit = (model: tf.LayersModel) => () =>
  model.fit(xs, ys, {
    epochs: 1,
    batchSize: BATCH,
    shuffle: true,
    verbose: 0,
    yieldEvery: "never",
  });

function plain(): Contestant {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: HIDDEN, activation: "relu", inputShape: [INPUTS] }),
      tf.layers.dense({ units: HIDDEN, activation: "relu" }),
      tf.layers.dense({ units: CLASSES, activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.sgd(LEARNING_RATE), loss: "categoricalCrossentropy" });
  return fit(model);
}

function ours(mode: RuleName): Contestant {
  const model = bioNetwork({
    mode,
    hiddenLayers: [HIDDEN, HIDDEN],
    units: CLASSES,
    inputShape: [INPUTS],
  });
  model.compile({
    optimizer: optimizer({ name: "sgd", learningRate: LEARNING_RATE }),
    loss: loss("softmaxCrossEntropy"),
  });
  return fit(model);
}

const createEagerEngine = await loadEngine("eager");

async function engine(rule: RuleName): Promise<Contestant> {
  const layer = (units: number, activation: "relu" | "identity") =>
    ({ type: "dense", units, activation }) as const;
  const spec: NetworkSpec = {
    inputShape: [INPUTS],
    rule,
    layers: [layer(HIDDEN, "relu"), layer(HIDDEN, "relu"), layer(CLASSES, "identity")],
  };
  const started = await createEagerEngine({
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: LEARNING_RATE },
    weights: initializeWeights(createNetwork(spec), 0),
    dataset,
    batchSize: BATCH,
    device: "wasm",
    seed: 0,
  });
  return () => started.trainEpoch(all.indices, { alignmentBatches: 0 });
}

const YARDSTICK = "tf.layers.dense, bp, model.fit";
const contestants: Record<string, Contestant> = { [YARDSTICK]: plain() };
const names = rules.names() as RuleName[];
for (const rule of names) contestants[`bioflax layers, ${rule}, model.fit`] = ours(rule);
for (const rule of names) contestants[`eager engine, ${rule}`] = await engine(rule);

const times: Record<string, number[]> = Object.fromEntries(
  Object.keys(contestants).map((name) => [name, []]),
);
for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
  for (const [name, train] of Object.entries(contestants)) {
    const start = performance.now();
    await train();
    if (round >= 0) times[name]?.push((performance.now() - start) / steps);
  }
}

const yardstick = times[YARDSTICK] as number[];
const results = Object.entries(times).map(([name, ms]) => ({
  name,
  msPerStep: spread(ms),
  speedup: spread(ms.map((t, round) => (yardstick[round] as number) / t)),
}));

const machine = `${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, TensorFlow.js ${tf.version.tfjs}`;
console.log(`784-500-500-10, batch ${BATCH}, sgd, wasm (one thread), ${machine}`);
console.log(`Median (lowest–highest) of ${rounds} rounds of ${steps} steps.\n`);
console.log("| | ms a step | speed-up |\n|---|---|---|");
for (const { name, msPerStep, speedup } of results) {
  console.log(`| ${name} | ${showSpread(msPerStep, 1)} | ${showSpread(speedup, 2)}× |`);
}
if (flags.json !== undefined) {
  writeFileSync(
    flags.json,
    `${JSON.stringify({ machine, batch: BATCH, rounds, steps, results }, null, 2)}\n`,
  );
}
