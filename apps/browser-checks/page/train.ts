// Trains rules on one engine, in a page or in a worker, and holds it against the plain float64 loops.
import { CompiledNetwork, type SessionOptions, type Source } from "@bioflax/compiler";
import { createNetwork, type RuleName, type Weights } from "@bioflax/core";
import {
  plainTrain,
  relativeError,
  type TrainingCase,
  tensor,
  trainingCase,
} from "@bioflax/core/testing";
import { fromSpec, loss, optimizer, readWeights } from "@bioflax/layers";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import "@tensorflow/tfjs-backend-webgpu";

const BATCH = 4;
const SIZES = [6, 12, 9, 8];

/** An engine and what it computes on: TensorFlow.js's backend, or the compiled engine's device. */
export type Engine =
  | { readonly backend: "cpu" | "wasm" | "webgl" | "webgpu" }
  | Pick<SessionOptions, "device" | "threads">;

/** What came of training: each step's loss, and the weights after the last. */
interface Trained {
  readonly losses: ArrayLike<number>;
  readonly weights: Weights;
}

/** The examples of a case's batches one after another. */
function sourceOf({ batches }: TrainingCase): Source {
  return {
    inputs: Float32Array.from(batches.flatMap(({ input }) => input.flat())),
    targets: Int32Array.from(batches.flatMap(({ labels }) => labels as number[])),
    count: batches.length * BATCH,
  };
}

const allRows = ({ batches }: TrainingCase) =>
  Int32Array.from({ length: batches.length * BATCH }, (_, row) => row);

const compiledSetup = (given: TrainingCase, options: SessionOptions) => ({
  ...given,
  ...options,
  layout: { inputShape: [SIZES[0] as number], targetShape: [] as readonly number[] },
  batchSize: BATCH,
});

/** @param kept where the network is left to be freed by others, if that is wanted. */
async function trainCompiled(
  given: TrainingCase,
  options: SessionOptions,
  kept?: CompiledNetwork[],
): Promise<Trained> {
  const network = await CompiledNetwork.create(compiledSetup(given, options));
  const { losses } = await network.train(sourceOf(given), allRows(given));
  const weights = await network.weights();
  if (kept === undefined) await network.dispose();
  else kept.push(network);
  return { losses, weights };
}

async function trainModel({ spec, weights, seed, ...given }: TrainingCase): Promise<Trained> {
  const model = fromSpec(spec, weights, { seed });
  model.compile({ optimizer: optimizer(given.optimizer), loss: loss(given.loss) });
  const losses: number[] = [];
  for (const { input, labels } of given.batches) {
    const [x, y] = [tf.tensor2d(input), tf.oneHot(labels as number[], SIZES[3] as number)];
    losses.push((await model.trainOnBatch(x, y.toFloat())) as number);
  }
  return { losses, weights: await readWeights(model) };
}

function worstError({ losses, weights }: Trained, given: TrainingCase): number {
  const expected = plainTrain(given, given.weights, given.batches);
  const steps = given.batches.length;
  return Math.max(
    relativeError(tensor(Array.from(losses), [steps]), tensor(expected.losses, [steps])),
    ...createNetwork(given.spec).parameters.map(({ name, shape }) =>
      relativeError(
        tensor(weights[name] as Float32Array, shape),
        tensor((expected.weights[name] as number[][]).flat(), shape),
      ),
    ),
  );
}

const caseOf = (rule: RuleName, steps = 8): TrainingCase =>
  trainingCase({
    rule,
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.05, momentum: 0.9 },
    sizes: SIZES,
    activations: ["tanh", "relu", "identity"],
    batch: BATCH,
    steps,
    seed: 1,
  });

/** The worst relative error of any loss or weight, by rule. */
async function errors(engine: Engine, names: readonly RuleName[]): Promise<Record<string, number>> {
  // A processor that imitates a GPU takes long for more.
  const isGpu =
    "backend" in engine ? engine.backend.startsWith("webg") : engine.device === "webgpu";
  const steps = isGpu ? 2 : undefined;
  // ONNX Runtime forgets its shaders with the last network, and translating them takes most of the time.
  const kept: CompiledNetwork[] = [];
  if ("backend" in engine) {
    setWasmPaths("./");
    tf.enableProdMode();
    if (!(await tf.setBackend(engine.backend))) throw new Error(`${engine.backend} does not start`);
  }
  const found: Record<string, number> = {};
  for (const rule of names) {
    const given = caseOf(rule, steps);
    const trained = "backend" in engine ? trainModel(given) : trainCompiled(given, engine, kept);
    found[rule] = worstError(await trained, given);
  }
  for (const network of kept) await network.dispose();
  return found;
}

/** The rules whose weights are not the same to the bit when the steps are cut into calls of one. */
async function differing(engine: SessionOptions, names: readonly RuleName[]): Promise<string[]> {
  const found: string[] = [];
  for (const rule of names) {
    const given = caseOf(rule);
    const whole = await trainCompiled(given, engine);
    const network = await CompiledNetwork.create(compiledSetup(given, engine));
    const source = sourceOf(given);
    const rows = allRows(given);
    for (let at = 0; at < rows.length; at += BATCH)
      await network.train(source, rows.subarray(at, at + BATCH));
    const weights = await network.weights();
    await network.dispose();
    if (JSON.stringify(weights) !== JSON.stringify(whole.weights)) found.push(rule);
  }
  return found;
}

/** What went wrong, in the words of the error. */
const refusal = (engine: SessionOptions, [name]: readonly RuleName[]) =>
  trainCompiled(caseOf(name as RuleName), engine).then(
    () => "nothing",
    (error: Error) => error.message,
  );

const questions = { errors, differing, refusal };

/** Answers a question about an engine, under these rules, here or, where it is asked for, in a worker of this same script. */
function answer<Q extends keyof typeof questions>(
  question: Q,
  engine: Engine,
  names: readonly RuleName[],
  { worker = false } = {},
): ReturnType<(typeof questions)[Q]> {
  if (!worker) return questions[question](engine as SessionOptions, names) as never;
  const other = new Worker(import.meta.url, { type: "module" });
  return new Promise((done, failed) => {
    other.onmessage = ({ data }) =>
      data.error === undefined ? done(data.result) : failed(data.error);
    other.onerror = ({ message }) => failed(new Error(message));
    other.postMessage({ question, engine, names });
  }) as never;
}

declare global {
  interface Window {
    answer: typeof answer;
  }
}

if (typeof window !== "undefined") window.answer = answer;
else
  self.onmessage = ({ data }) =>
    answer(data.question, data.engine, data.names).then(
      (result: unknown) => self.postMessage({ result }),
      (error: Error) => self.postMessage({ error: error.message }),
    );
