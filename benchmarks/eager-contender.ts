// One contender of `eager-devices.ts`, in a process of its own: TensorFlow.js's library is loaded once in a process.
//
//   node dist/eager-contender.js plain|layers|engine|compiled DEVICE [PRECISION] [THREADS]
import { createInterface } from "node:readline";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { takeInputs } from "@bioflax/datasets";
import { bioNetwork, loss, optimizer } from "@bioflax/layers";
import { type EagerDeviceName, useDevice } from "@bioflax/layers/node";
import { loadEngine } from "@bioflax/trainer";
import type { Request } from "./protocol";
import { normalization, randomExamples } from "./random-examples";
import { networkOf, type Workload } from "./workloads";

const [how = "", device = "", given = "float32", count] = process.argv.slice(2);
const precision = given === "bfloat16" ? given : "float32";
const threads = count === undefined ? undefined : Number(count);
const LEARNING_RATE = 0.02;

/** Takes so many steps. */
type Train = (steps: number) => Promise<unknown>;

/** `model.fit`, of plain layers or of ours. */
async function fitting(workload: Workload): Promise<Train> {
  const { tf } = await useDevice(device as EagerDeviceName, { precision, threads });
  const { sizes = [], batch, rule } = workload;
  const [inputs, ...units] = sizes as [number, ...number[]];
  const model =
    how === "layers"
      ? bioNetwork({
          mode: rule,
          hiddenLayers: units.slice(0, -1),
          units: units.at(-1) as number,
          inputShape: [inputs],
        })
      : tf.sequential({
          layers: units.map((count, i) =>
            tf.layers.dense({
              units: count,
              activation: i < units.length - 1 ? "relu" : "softmax",
              ...(i === 0 && { inputShape: [inputs] }),
            }),
          ),
        });
  if (how === "layers")
    model.compile({
      optimizer: optimizer({ name: "sgd", learningRate: LEARNING_RATE }),
      loss: loss("softmaxCrossEntropy"),
    });
  else model.compile({ optimizer: tf.train.sgd(LEARNING_RATE), loss: "categoricalCrossentropy" });
  return async (steps) => {
    const { train } = randomExamples(workload, steps * batch);
    const x = tf.tensor2d(takeInputs(train.examples, train.indices, normalization), [
      steps * batch,
      inputs,
    ]);
    const y = tf.tidy(() =>
      tf
        .oneHot(tf.tensor1d(train.examples.targets as Int32Array, "int32"), units.at(-1) as number)
        .toFloat(),
    );
    return async () => {
      await model.fit(x, y, {
        epochs: 1,
        batchSize: batch,
        shuffle: true,
        verbose: 0,
        yieldEvery: "never",
      });
    };
  };
}

/** One of the trainer's engines. */
async function engine(workload: Workload): Promise<Train> {
  const spec = networkOf(workload);
  const create = await loadEngine(how === "compiled" ? "compiled" : "eager");
  return async (steps) => {
    const dataset = randomExamples(workload, steps * workload.batch);
    const started = await create({
      ...{
        spec,
        loss: "softmaxCrossEntropy",
        optimizer: { name: "sgd", learningRate: LEARNING_RATE },
      },
      ...{
        weights: initializeWeights(createNetwork(spec), 0),
        dataset,
        seed: 0,
        device,
        precision,
        threads,
      },
      batchSize: workload.batch,
    });
    return () => started.trainEpoch(dataset.train.indices, { alignmentBatches: 0 });
  };
}

/** Milliseconds, of the wall or of the processor for this process. */
const now =
  process.env.BENCHMARK_CLOCK === "cpu"
    ? () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      }
    : () => performance.now();

const trainings = new Map<string, () => Promise<unknown>>();

/** What takes so many steps of a workload, made once. */
async function trainingOf(workload: Workload, steps: number): Promise<() => Promise<unknown>> {
  const key = `${workload.name} ${steps}`;
  let training = trainings.get(key);
  if (training === undefined) {
    const start = how === "plain" || how === "layers" ? fitting : engine;
    training = (await (await start(workload))(steps)) as () => Promise<unknown>;
    trainings.clear();
    trainings.set(key, training);
    await training();
  }
  return training;
}

process.stdout.write(
  `${JSON.stringify({ about: `${how} on ${device}, Node ${process.version}` })}\n`,
);
for await (const line of createInterface({ input: process.stdin })) {
  const { workload, steps } = JSON.parse(line) as Request;
  let answer: object;
  try {
    const training = await trainingOf(workload, steps);
    const start = now();
    await training();
    answer = { milliseconds: (now() - start) / steps };
  } catch (error) {
    answer = { error: (error as Error).message.split("\n")[0] };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
