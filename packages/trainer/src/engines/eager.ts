import { setImmediate } from "node:timers/promises";
import {
  createTrainable,
  delayedErrorSlots,
  delayedErrorsOf,
  sizeOf,
  type Trainable,
  type TrainingSnapshot,
} from "@bioflax/core";
import { batches, type Examples, type Split } from "@bioflax/datasets";
import type { EagerDevice, EagerDeviceName } from "@bioflax/layers/node";
import { type AlignmentValues, alignment, type Evaluation } from "@bioflax/metrics";
import type * as tf from "@tensorflow/tfjs";
import { type Batcher, createBatcher, type TensorBatch } from "./eager-batches";
import { EagerErrors } from "./eager-errors";
import { EagerPasses, fetchNumbers } from "./eager-passes";
import type { Engine, EngineFactory, EngineSetup, EpochOptions, EpochResult } from "./engine";
import { ResidentInputs } from "./resident-inputs";

type Layers = typeof import("@bioflax/layers");

/** How often losses are fetched, progress is told and other work is let in. */
export const YIELD_MS = 200;

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
  readonly #passes: EagerPasses;
  readonly #errors: EagerErrors;
  #stepsTaken: number;

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
    this.#passes = new EagerPasses(tfjs, layers, setup, this.#batcher);
    this.#optimizer = layers.optimizer(setup.optimizer);
    this.#model = layers.fromSpec(setup.spec, setup.weights, { seed: setup.seed });
    const { weights, slots, stepsTaken = 0 } = setup;
    this.#stepsTaken = stepsTaken;
    const rowsPerExample = sizeOf(setup.dataset.inputShape) / sizeOf(setup.spec.inputShape);
    const memory = delayedErrorsOf(this.#trainable, rowsPerExample, slots);
    this.#errors = new EagerErrors(memory === undefined ? [] : [memory]);
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
      alignEvery,
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
      const latest = Float64Array.from(await fetchNumbers(this.#tf, pending));
      losses.push(...latest);
      pending = [];
      await this.#errors.fetch();
      onProgress?.(examples, latest);
      await setImmediate();
      lastYield = performance.now();
    };
    this.#errors.reserve([rows]);
    for (const batchRows of batches(rows, batchSize)) {
      if (signal?.aborted) break;
      const batch = await this.#withErrors(
        this.#batcher.batch(source, batchRows),
        source,
        batchRows,
      );
      const observe =
        alignEvery === undefined
          ? measured.length < alignmentBatches
          : this.#stepsTaken % alignEvery === 0;
      this.#stepsTaken++;
      const { loss, exampleErrors, ...values } = this.#step(batch, observe);
      if (exampleErrors !== undefined) this.#errors.keep(exampleErrors, [batchRows]);
      pending.push(loss as tf.Scalar);
      if (observe) measured.push(await this.#numbers(values));
      this.#tf.dispose(Object.values(batch));
      examples += batchRows.length;
      if (performance.now() - lastYield >= YIELD_MS) await yieldToEventLoop();
    }
    await yieldToEventLoop();
    return { losses: Float64Array.from(losses), alignment: measured };
  }

  /** A batch with its delayed errors, where a rule needs them. */
  async #withErrors(batch: TensorBatch, source: Examples, rows: Int32Array): Promise<TensorBatch> {
    if (!this.#errors.areNeeded) return batch;
    const form = batch.target.rank === 1 ? "labels" : "rows";
    const delayed = await this.#errors.take(source, form, [rows], [rows]);
    const { outputs } = this.#trainable.network;
    return {
      ...batch,
      delayed: this.#tf.tensor2d(delayed, [delayed.length / outputs, outputs]),
    };
  }

  /**
   * One step; returns the loss before it, its examples' errors where a rule needs them, and where it is observed how it
   * is aligned with backpropagation.
   */
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
      ...(pass.exampleErrors && { exampleErrors: pass.exampleErrors }),
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

  /** Fetches and disposes scalars, by name. */
  async #numbers(scalars: Record<string, tf.Tensor>): Promise<AlignmentValues<number>> {
    const numbers = [...(await fetchNumbers(this.#tf, Object.values(scalars)))];
    return Object.fromEntries(Object.keys(scalars).map((name, i) => [name, numbers[i] as number]));
  }

  evaluate(split: Split): Promise<Evaluation> {
    return this.#passes.evaluate((input) => this.#forward(input), split);
  }

  predict({ examples }: Split, rows: Int32Array): Promise<Float32Array> {
    return this.#passes.predict((input) => this.#forward(input), examples, rows);
  }

  inputGradients({ examples }: Split, rows: Int32Array): Promise<Float32Array> {
    const { modelInputGradient } = this.#layers;
    const [model, trainable] = [this.#model, this.#trainable];
    return this.#passes.answer(rows, (some) =>
      modelInputGradient({ model, trainable }, this.#batcher.batch(examples, some)),
    );
  }

  weights() {
    return this.#layers.readWeights(this.#model);
  }

  async snapshot(): Promise<TrainingSnapshot> {
    const { slots, ...rest } = await this.#layers.readSnapshot(this.#trained());
    return { ...rest, slots: { ...slots, ...delayedErrorSlots(this.#errors.of(0)) } };
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
