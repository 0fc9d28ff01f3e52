import { setImmediate } from "node:timers/promises";
import { createTrainable, sizeOf, type Trainable } from "@bioflax/core";
import { batches, type Split } from "@bioflax/datasets";
import type { EagerDevice, EagerDeviceName } from "@bioflax/layers/node";
import {
  type AlignmentValues,
  alignment,
  countRight,
  type Evaluation,
  EvaluationTotal,
} from "@bioflax/metrics";
import type * as tf from "@tensorflow/tfjs";
import { type Batcher, createBatcher, type TensorBatch } from "./eager-batches";
import type { Engine, EngineFactory, EngineSetup, EpochOptions, EpochResult } from "./engine";
import { ResidentInputs } from "./resident-inputs";

type Layers = typeof import("@bioflax/layers");

/** How often losses are fetched, progress is told and other work is let in. */
const YIELD_MS = 200;
/** How many examples to evaluate at once. */
const EVALUATION_BATCH = 1000;

/** A network as a TensorFlow.js model, trained by a loop of our own. */
class EagerEngine implements Engine {
  readonly name = "eager";
  readonly device: string;
  readonly why: string | undefined;
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly #tf: typeof tf;
  readonly #layers: Layers;
  readonly #setup: EngineSetup;
  readonly #trainable: Trainable;
  readonly #model: tf.LayersModel;
  readonly #optimizer: ReturnType<Layers["optimizer"]>;
  readonly #resident: ResidentInputs;
  readonly #batcher: Batcher;
  readonly #loss: ReturnType<Layers["uncheckedLoss"]>;

  constructor(
    { name, why, tf: tfjs, threads, versions }: EagerDevice,
    layers: Layers,
    setup: EngineSetup,
  ) {
    this.device = name;
    this.why = why;
    this.threads = threads;
    this.versions = versions;
    this.#tf = tfjs;
    this.#layers = layers;
    this.#setup = setup;
    this.#trainable = createTrainable(setup);
    this.#resident = new ResidentInputs(tfjs, setup.dataset);
    this.#batcher = createBatcher(tfjs, this.#trainable, setup.dataset, this.#resident);
    this.#loss = layers.uncheckedLoss(setup.loss);
    this.#optimizer = layers.optimizer(setup.optimizer);
    this.#model = layers.fromSpec(setup.spec, setup.weights, { seed: setup.seed });
    const { weights, slots, stepsTaken = 0 } = setup;
    if (slots !== undefined) layers.writeSnapshot(this.#trained(), { weights, slots, stepsTaken });
  }

  #trained() {
    const { network } = this.#trainable;
    return { model: this.#model, network, optimizer: this.#optimizer };
  }

  async trainEpoch(
    rows: Int32Array,
    {
      examples: source = this.#setup.dataset.train.examples,
      alignmentBatches,
      onProgress,
      signal,
    }: EpochOptions,
  ): Promise<EpochResult> {
    const { batchSize } = this.#setup;
    const losses: number[] = [];
    const measured: AlignmentValues<number>[] = [];
    let pending: tf.Scalar[] = [];
    let examples = 0;
    let lastYield = Number.NEGATIVE_INFINITY;
    const yieldToEventLoop = async () => {
      const latest = Float64Array.from(await this.#fetch(pending));
      losses.push(...latest);
      pending = [];
      onProgress?.(examples, latest);
      await setImmediate();
      lastYield = performance.now();
    };
    for (const batchRows of batches(rows, batchSize)) {
      if (signal?.aborted) break;
      const batch = this.#batcher.batch(source, batchRows);
      const observe = measured.length < alignmentBatches;
      const { loss, ...values } = this.#step(batch, observe);
      pending.push(loss as tf.Scalar);
      if (observe) measured.push(await this.#numbers(values));
      this.#tf.dispose(Object.values(batch));
      examples += batchRows.length;
      if (performance.now() - lastYield >= YIELD_MS) await yieldToEventLoop();
    }
    await yieldToEventLoop();
    return { losses: Float64Array.from(losses), alignment: measured };
  }

  /** One step; returns the loss before it, and where it is observed how it is aligned with backpropagation. */
  #step(batch: TensorBatch, observe: boolean): Record<string, tf.Tensor> {
    const { tfOps, trainModel } = this.#layers;
    const trained = {
      model: this.#model,
      trainable: this.#trainable,
      optimizer: this.#optimizer,
    };
    const { network } = this.#trainable;
    return trainModel(trained, batch, ({ parameters, pass }) => ({
      loss: pass.loss,
      ...(observe ? alignment<tf.Tensor>(tfOps, network, parameters, pass) : {}),
    }));
  }

  /** The model's output, of a chain layer by layer: `model.apply` would look its way through the graph each time. */
  #forward(input: tf.Tensor): tf.Tensor {
    if (!(this.#model instanceof this.#tf.Sequential))
      return this.#model.apply(input, { training: false }) as tf.Tensor;
    return this.#model.layers.reduce(
      (x, layer) => layer.call(x, { training: false }) as tf.Tensor,
      input,
    );
  }

  /** Fetches and disposes scalars, all in one go. */
  async #fetch(scalars: tf.Tensor[]): Promise<Iterable<number>> {
    if (scalars.length === 0) return [];
    const joined = this.#tf.stack(scalars);
    this.#tf.dispose(scalars);
    const values = await joined.data();
    joined.dispose();
    return values;
  }

  /** Fetches and disposes scalars, by name. */
  async #numbers(scalars: Record<string, tf.Tensor>): Promise<AlignmentValues<number>> {
    const numbers = [...(await this.#fetch(Object.values(scalars)))];
    return Object.fromEntries(Object.keys(scalars).map((name, i) => [name, numbers[i] as number]));
  }

  async evaluate({ examples, indices }: Split): Promise<Evaluation> {
    const { tfOps } = this.#layers;
    const { loss, network } = this.#trainable;
    const total = new EvaluationTotal();
    for (const rows of batches(indices, EVALUATION_BATCH)) {
      let names: string[] = [];
      const results = this.#tf.tidy(() => {
        const { input, target } = this.#batcher.batch(examples, rows);
        const output = this.#forward(input);
        const right = countRight<tf.Tensor>(tfOps, loss, output, target);
        names = Object.keys(right);
        return [this.#loss(target, output), ...Object.values(right)];
      });
      total.add(rows.length, names, [...(await this.#fetch(results))]);
      await setImmediate();
    }
    return total.result(sizeOf(this.#setup.dataset.inputShape) / sizeOf(network.spec.inputShape));
  }

  predict({ examples }: Split, rows: Int32Array): Promise<Float32Array> {
    return this.#answer(rows, (some) => this.#forward(this.#batcher.inputs(examples, some)));
  }

  inputGradients({ examples }: Split, rows: Int32Array): Promise<Float32Array> {
    const { modelInputGradient } = this.#layers;
    const [model, trainable] = [this.#model, this.#trainable];
    return this.#answer(rows, (some) =>
      modelInputGradient({ model, trainable }, this.#batcher.batch(examples, some)),
    );
  }

  /** What is computed for rows, batch after batch, row-major. */
  async #answer(rows: Int32Array, compute: (some: Int32Array) => tf.Tensor): Promise<Float32Array> {
    const chunks: Float32Array[] = [];
    for (const some of batches(rows, EVALUATION_BATCH)) {
      const output = this.#tf.tidy(() => compute(some));
      chunks.push((await output.data()) as Float32Array);
      output.dispose();
    }
    const size = chunks.reduce((total, { length }) => total + length, 0);
    const all = new Float32Array(size);
    let at = 0;
    for (const chunk of chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  weights() {
    return this.#layers.readWeights(this.#model);
  }

  snapshot() {
    return this.#layers.readSnapshot(this.#trained());
  }

  async dispose(): Promise<void> {
    this.#model.dispose();
    this.#optimizer.dispose();
    this.#resident.dispose();
  }
}

/**
 * The eager engine: TensorFlow.js, one operation after another, on any of its backends.
 *
 * It loads TensorFlow.js only when it is started.
 *
 * @throws BioflaxError for a device that is not there, saying how to get it, or data that does not fit the network.
 */
export const createEagerEngine: EngineFactory = async (setup) => {
  const { useDevice } = await import("@bioflax/layers/node");
  const { threads, precision } = setup;
  const device = await useDevice(setup.device as EagerDeviceName, { threads, precision });
  return new EagerEngine(device, await import("@bioflax/layers"), setup);
};
