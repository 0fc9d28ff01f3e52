// A contender of ours: `node trainer.cjs compiled webgpu [loop|unrolled]`, `node trainer.cjs eager webgpu`, or
// `node trainer.cjs xla plugin.so`.
import { join } from "node:path";
import {
  type CompiledDevice,
  CompiledNetwork,
  chooseDevice,
  runtimeVersion,
} from "@bioflax/compiler";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { batches, type Dataset, epochOrder, takeInputs } from "@bioflax/datasets";
import { loadMnist } from "@bioflax/datasets/node";
import { fromSpec, loss, optimizer } from "@bioflax/layers";
import { type EagerDeviceName, useDevice } from "@bioflax/layers/node";
import { loadPlugin } from "@bioflax/pjrt";
import { XlaNetwork } from "@bioflax/xla";
import type * as tf from "@tensorflow/tfjs";
import type { Answer, Request } from "../protocol";
import { networkOf, type Workload } from "../workloads";
import { bundle, bundledHost } from "./bundled-host";
import { serve } from "./serve";

const LEARNING_RATE = 0.02;

/** A network in training. @returns the losses of the next steps. */
type Train = (rows: Int32Array) => Promise<ArrayLike<number>>;

/** How an engine starts training a workload from the same weights. */
type Start = (workload: Workload, data: Dataset) => Promise<Train>;

const [engine, device, steps] = process.argv.slice(2) as [string, string, "loop" | "unrolled"];

async function startEngine(): Promise<{ about: string; start: Start }> {
  if (engine === "compiled") {
    await chooseDevice(device);
    return {
      about: `ONNX Runtime ${await runtimeVersion()}, ${device}${steps ? `, ${steps}` : ""}`,
      start: startCompiled,
    };
  }
  if (engine === "xla") {
    const client = await loadPlugin(device).createClient();
    return {
      about: `XLA, ${client.platformName} ${client.platformVersion}, on ${client.devices[0]?.kind}`,
      start: async (workload, data) => {
        const network = await XlaNetwork.create({ ...setupOf(workload, data), client });
        return async (rows) => (await network.train(data.train.examples, rows)).losses;
      },
    };
  }
  const { tf: tfjs, hardware } = await useDevice(device as EagerDeviceName, {}, bundledHost);
  return {
    about: `TensorFlow.js ${tfjs.version.tfjs}, ${device} on ${hardware}`,
    start: (workload, data) => startEager(tfjs, workload, data),
  };
}

/** What a network that is traced into programs is made from. */
function setupOf(workload: Workload, data: Dataset) {
  const spec = networkOf(workload);
  return {
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: LEARNING_RATE },
    layout: { ...data, inputShape: spec.inputShape },
    batchSize: workload.batch,
  } as const;
}

const startCompiled: Start = async (workload, data) => {
  const network = await CompiledNetwork.create({
    ...setupOf(workload, data),
    device: device as CompiledDevice,
    steps,
  });
  return async (rows) => (await network.train(data.train.examples, rows)).losses;
};

async function startEager(tfjs: typeof tf, workload: Workload, data: Dataset): Promise<Train> {
  const spec = networkOf(workload);
  const model = fromSpec(spec, initializeWeights(createNetwork(spec), 0));
  const descent = optimizer({ name: "sgd", learningRate: LEARNING_RATE });
  const lossOf = loss("softmaxCrossEntropy");
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { examples } = data.train;
  return async (rows) => {
    const values: tf.Scalar[] = [];
    for (const some of batches(rows, workload.batch)) {
      const x = tfjs.tensor(takeInputs(examples, some, data.normalization), [
        some.length,
        ...spec.inputShape,
      ]);
      const labels = examples.targets as Int32Array;
      const y = tfjs.tensor1d(
        Int32Array.from(some, (row) => labels[row] as number),
        "int32",
      );
      const { value, grads } = tfjs.variableGrads(
        () => lossOf(y, model.apply(x, { training: true }) as tf.Tensor),
        variables,
      );
      descent.applyGradients(grads);
      tfjs.dispose([x, y, grads]);
      values.push(value);
    }
    const joined = tfjs.stack(values);
    const losses = await joined.data();
    tfjs.dispose([joined, ...values]);
    return losses;
  };
}

/** Row numbers for as many whole batches as are wanted, epoch after epoch. */
function* rowsOf(data: Dataset, batch: number, steps: number): Generator<Int32Array> {
  const perEpoch = Math.floor(data.train.indices.length / batch);
  for (let done = 0, epoch = 0; done < steps; epoch++) {
    const now = Math.min(perEpoch, steps - done);
    yield epochOrder(data.train, { seed: 0, epoch }).subarray(0, now * batch);
    done += now;
  }
}

async function main(): Promise<void> {
  const data = await loadMnist({ directory: join(bundle, "mnist") });
  const { about, start } = await startEngine();
  const running = new Map<string, Train>();
  await serve({ about }, async ({ workload, steps: wanted, losses }: Request): Promise<Answer> => {
    let train = losses ? undefined : running.get(workload.name);
    if (train === undefined) {
      train = await start(workload, data);
      running.set(workload.name, train);
    }
    const all: number[] = [];
    const begin = performance.now();
    for (const rows of rowsOf(data, workload.batch, wanted))
      all.push(...Array.from(await train(rows)));
    const milliseconds = (performance.now() - begin) / wanted;
    return { milliseconds, ...(losses && { losses: all }) };
  });
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message.split("\n")[0]}\n`);
  process.exit(1);
});
