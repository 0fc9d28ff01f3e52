import { CompiledNetwork, type NetworkSetup } from "@bioflax/compiler";
import type { NetworkSpec } from "@bioflax/core";
import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

/** What contenders train: a network of dense layers that starts from the same weights, on the same batches. */
export interface Contest {
  readonly experiment: Pick<NetworkSetup, "loss" | "optimizer" | "weights"> & {
    readonly spec: NetworkSpec;
  };
  readonly data: Omit<Dataset, "name" | "test">;
  readonly batchSize: number;
}

/** Who trains a contest's network. */
export interface Contender {
  /** Takes so many steps, on the batches that come next. @returns the loss of each. */
  train(steps: number): Promise<ArrayLike<number>>;
  /** Frees what it holds. */
  dispose(): unknown;
}

/** Gives the rows of the batches in turn, from the first again after the last. */
function batchesOf({ data, batchSize }: Contest): (steps: number) => Int32Array {
  const { indices } = data.train;
  let taken = 0;
  return (steps) => {
    const first = taken;
    taken += steps * batchSize;
    return Int32Array.from(
      { length: steps * batchSize },
      (_, i) => indices[(first + i) % indices.length] as number,
    );
  };
}

/** The network under its rule, by the compiled engine on one thread of WebAssembly. */
export async function compiled(contest: Contest): Promise<Contender> {
  const { experiment, data, batchSize } = contest;
  const next = batchesOf(contest);
  const network = await CompiledNetwork.create({
    ...experiment,
    layout: data,
    batchSize,
    threads: 1,
  });
  return {
    train: async (steps) => (await network.train(data.train.examples, next(steps))).losses,
    dispose: () => network.dispose(),
  };
}

/** What TensorFlow.js calls activations. */
const activations: Readonly<Record<string, string>> = {
  identity: "linear",
  relu: "relu",
  relu6: "relu6",
  elu: "elu",
  softplus: "softplus",
  sigmoid: "sigmoid",
  tanh: "tanh",
  silu: "swish",
  gelu: "gelu_new",
};

const optimizers: Readonly<Record<string, (rate: number) => tf.Optimizer>> = {
  sgd: (rate) => tf.train.sgd(rate),
  // Its own ε is another.
  adam: (rate) => tf.train.adam(rate, 0.9, 0.999, 1e-8),
  rmsprop: (rate) => tf.train.rmsprop(rate),
};

/** What TensorFlow.js has in the place of something of ours. @throws Error where it has nothing. */
function its<Value>(known: Readonly<Record<string, Value>>, what: string, name: string): Value {
  if (Object.hasOwn(known, name)) return known[name] as Value;
  throw new Error(`TensorFlow.js has no ${what} ${name}: choose ${Object.keys(known).join(", ")}.`);
}

/** Half of its mean squared error, as the squared error is here. */
const halfSquaredError = (target: tf.Tensor, output: tf.Tensor) =>
  tf.mul(tf.metrics.meanSquaredError(target, output), 0.5);

/** The network as TensorFlow.js's own layers, which learn by backpropagation. */
function plainModel({ experiment, data }: Contest): tf.LayersModel {
  const { spec, optimizer, weights } = experiment;
  const classifies = data.task === "classification";
  const model = tf.sequential();
  spec.layers.forEach((layer, index) => {
    if (layer.type !== "dense")
      throw new Error("TensorFlow.js trains no convolutions on WebAssembly: choose dense layers.");
    const isSoftmax = classifies && index === spec.layers.length - 1;
    const name = String(layer.activation ?? "identity");
    const activation = isSoftmax ? "softmax" : its(activations, "activation", name);
    model.add(
      tf.layers.dense({
        units: layer.units,
        activation: activation as "tanh",
        ...(index === 0 && { inputShape: [...data.inputShape] }),
      }),
    );
    const values = [`layers.${index}.kernel`, `layers.${index}.bias`].map(
      (role) => weights[role] as Float32Array,
    );
    const own = model.layers[index] as tf.layers.Layer;
    own.setWeights(
      own.weights.map(({ shape }, i) => tf.tensor(values[i] as Float32Array, shape as number[])),
    );
  });
  const { name, learningRate } = optimizer as {
    readonly name: string;
    readonly learningRate: number;
  };
  model.compile({
    optimizer: its(optimizers, "optimizer", name)(learningRate),
    loss: classifies ? "categoricalCrossentropy" : halfSquaredError,
  });
  return model;
}

/**
 * The network by TensorFlow.js: backpropagation through its own dense layers, `trainOnBatch` on its wasm backend, on one
 * thread. It takes no weight decay.
 *
 * @param wasmPaths where its `.wasm` files are, as its `setWasmPaths` takes it; left out in Node, where it knows.
 * @throws Error for a network that it does not have, or cannot train.
 */
export async function tensorflow(
  contest: Contest,
  wasmPaths?: Parameters<typeof setWasmPaths>[0],
): Promise<Contender> {
  if (wasmPaths !== undefined) setWasmPaths(wasmPaths);
  tf.enableProdMode();
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  await tf.setBackend("wasm");
  const { data, batchSize } = contest;
  const { examples } = data.train;
  const next = batchesOf(contest);
  const model = plainModel(contest);
  const batch = (rows: Int32Array): [x: tf.Tensor, y: tf.Tensor] => {
    const targets = takeTargets(examples, rows);
    const inputs = takeInputs(examples, rows, data.normalization);
    return [
      tf.tensor(inputs, [batchSize, ...data.inputShape]),
      data.task === "classification"
        ? tf.oneHot(tf.tensor1d(targets as Int32Array, "int32"), data.outputs).toFloat()
        : tf.tensor(targets, [batchSize, ...data.targetShape]),
    ];
  };
  return {
    async train(steps) {
      const losses = new Float64Array(steps);
      for (let step = 0; step < steps; step++) {
        const [x, y] = tf.tidy(() => batch(next(1)));
        losses[step] = (await model.trainOnBatch(x, y)) as number;
        tf.dispose([x, y]);
      }
      return losses;
    },
    dispose: () => model.dispose(),
  };
}
