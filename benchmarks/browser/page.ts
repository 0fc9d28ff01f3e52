// Trains a network in a page: by the compiled engine, or by TensorFlow.js's own layers on its wasm backend.
import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, initializeWeights, type RuleName } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

const BATCH = 32;
/** As many as MNIST has: a call of the compiled engine is given all of them. */
const COUNT = 60_000;

const inputs = Uint8Array.from({ length: COUNT * 784 }, (_, i) => (i * 2654435761) >>> 24);
const targets = Int32Array.from({ length: COUNT }, (_, i) => (i * 7) % 10);

/** Trains for so many steps. */
export type Train = (steps: number) => Promise<unknown>;

/** Rows of the batches in turn. */
const rowsFrom = (step: number, steps: number) =>
  Int32Array.from({ length: steps * BATCH }, (_, i) => (step * BATCH + i) % COUNT);

async function compiled(sizes: readonly number[], rule: RuleName): Promise<Train> {
  const [inSize, ...units] = sizes as [number, ...number[]];
  const spec = {
    inputShape: [inSize],
    rule,
    layers: units.map((n, i) => ({
      type: "dense" as const,
      units: n,
      activation: i === units.length - 1 ? ("identity" as const) : ("tanh" as const),
    })),
  };
  const network = await CompiledNetwork.create({
    spec,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.01 },
    weights: initializeWeights(createNetwork(spec), 0),
    layout: {
      inputShape: [inSize],
      targetShape: [],
      normalization: { scale: 1 / 255, mean: 0.5, standardDeviation: 0.3 },
    },
    batchSize: BATCH,
    threads: 1,
  });
  const source = { inputs, targets, count: COUNT };
  let step = 0;
  return async (steps) => {
    await network.train(source, rowsFrom(step, steps));
    step += steps;
  };
}

async function tensorflow(sizes: readonly number[]): Promise<Train> {
  setWasmPaths("./");
  tf.enableProdMode();
  await tf.setBackend("wasm");
  const [inSize, ...units] = sizes as [number, ...number[]];
  const model = tf.sequential({
    layers: units.map((n, i) =>
      tf.layers.dense({
        units: n,
        activation: i === units.length - 1 ? "softmax" : "tanh",
        ...(i === 0 && { inputShape: [inSize] }),
      }),
    ),
  });
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "categoricalCrossentropy" });
  let at = 0;
  return async (steps) => {
    for (let step = 0; step < steps; step++, at++) {
      const [x, y] = tf.tidy(() => {
        const rows = rowsFrom(at, 1);
        const pixels = new Float32Array(BATCH * inSize);
        rows.forEach((row, i) => {
          for (let k = 0; k < inSize; k++)
            pixels[i * inSize + k] = ((inputs[row * inSize + k] as number) / 255 - 0.5) / 0.3;
        });
        const labels = Array.from(rows, (row) => targets[row] as number);
        return [tf.tensor2d(pixels, [BATCH, inSize]), tf.oneHot(labels, 10).toFloat()] as const;
      });
      await model.trainOnBatch(x, y);
      tf.dispose([x, y]);
    }
  };
}

const contenders = {
  "compiled bp": (sizes: readonly number[]) => compiled(sizes, "bp"),
  "compiled dfa": (sizes: readonly number[]) => compiled(sizes, "dfa"),
  "TensorFlow.js": tensorflow,
};

/** Who trains, by the name in the table. */
export type Contender = keyof typeof contenders;

const made = new Map<string, Promise<Train>>();

/** Trains a contender's network; it is made when it is first asked for. */
async function train(name: Contender, sizes: readonly number[], steps: number): Promise<void> {
  const key = `${name} ${sizes}`;
  const trains = made.get(key) ?? contenders[name](sizes);
  made.set(key, trains);
  await (await trains)(steps);
}

declare global {
  interface Window {
    train: typeof train;
  }
}

window.train = train;
