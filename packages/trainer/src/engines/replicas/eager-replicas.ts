import { setImmediate } from "node:timers/promises";
import type { Replicas } from "@bioflax/compiler";
import {
  type Batch,
  createTrainable,
  delayedErrorSlots,
  delayedErrorsOf,
  sizeOf,
  type Trainable,
  type TrainingSnapshot,
} from "@bioflax/core";
import type { Examples } from "@bioflax/datasets";
import type { EagerDevice, EagerDeviceName } from "@bioflax/layers/node";
import type { AlignmentValues, Evaluation } from "@bioflax/metrics";
import type * as tf from "@tensorflow/tfjs";
import { createEagerEngine, YIELD_MS } from "../eager";
import { type Batcher, createBatcher } from "../eager-batches";
import { EagerErrors } from "../eager-errors";
import { EagerPasses, fetchNumbers } from "../eager-passes";
import type { EngineSetup } from "../engine";
import { ResidentInputs } from "../resident-inputs";
import { oneByOne } from "./one-by-one";
import type { ReplicasEngineFactory } from "./replicas-engine";
import { tracedReplicas } from "./traced-replicas";

type Layers = typeof import("@bioflax/layers");
type TrainOptions = NonNullable<Parameters<Replicas["train"]>[2]>;
type TrainResult = Awaited<ReturnType<Replicas["train"]>>[number];

/** Products of weights and examples up to which a step on `wasm` is mostly in how many operations it asks for. */
const FEW_PRODUCTS = 2 ** 19;

/**
 * Whether replicas train faster as one, a step of all by as many operations as a step of one, than one after another:
 * where an operation costs more than what it computes. In plain JavaScript it never does; with TensorFlow's library and
 * on a GPU always; on `wasm`, whose products are one network's after another's, of small networks of dense layers.
 */
export function trainsBestAsOne(
  device: EagerDeviceName,
  { network }: Pick<Trainable, "network">,
  batchSize: number,
): boolean {
  if (device !== "wasm") return device !== "cpu";
  const isDense = network.parameters.every(
    ({ role, shape }) => role !== "kernel" || shape.length === 2,
  );
  const weights = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return isDense && weights * batchSize <= FEW_PRODUCTS;
}

/** Networks that train as one on TensorFlow.js, call by call. */
class EagerReplicas implements Replicas {
  readonly #tf: typeof tf;
  readonly #networks: InstanceType<Layers["NetworkReplicas"]>;
  readonly #batchSize: number;
  readonly #resident: ResidentInputs;
  readonly #batcher: Batcher;
  /** Each one's passes forward, of its own loss. */
  readonly #passes: readonly EagerPasses[];
  readonly #errors: EagerErrors;
  #stepsTaken: number;

  constructor(tfjs: typeof tf, layers: Layers, setups: readonly EngineSetup[]) {
    const [first] = setups as readonly [EngineSetup];
    const { dataset, batchSize, stepsTaken = 0 } = first;
    this.#stepsTaken = stepsTaken;
    this.#tf = tfjs;
    this.#batchSize = batchSize;
    this.#networks = new layers.NetworkReplicas(setups, stepsTaken);
    this.#resident = new ResidentInputs(tfjs, dataset);
    this.#batcher = createBatcher(tfjs, createTrainable(first), dataset, this.#resident);
    this.#passes = setups.map((setup) => new EagerPasses(tfjs, layers, setup, this.#batcher));
    const rowsPerExample = sizeOf(dataset.inputShape) / sizeOf(first.spec.inputShape);
    this.#errors = new EagerErrors(
      setups.flatMap(
        (setup) => delayedErrorsOf(createTrainable(setup), rowsPerExample, setup.slots) ?? [],
      ),
    );
  }

  get network() {
    return this.#networks.network;
  }

  async train(
    examples: Examples,
    rows: readonly Int32Array[],
    {
      alignmentBatches = 0,
      alignEvery,
      onProgress,
      signal,
      exampleNumbers = rows,
    }: TrainOptions = {},
  ): Promise<TrainResult[]> {
    const { length } = rows[0] as Int32Array;
    const losses = rows.map((): number[] => []);
    const alignment = rows.map((): AlignmentValues<number>[] => []);
    let pending: tf.Tensor[] = [];
    let lastYield = Number.NEGATIVE_INFINITY;
    let position = 0;
    const yieldToEventLoop = async () => {
      const values = [...(await fetchNumbers(this.#tf, pending))];
      pending = [];
      await this.#errors.fetch();
      const latest = rows.map((_, replica) =>
        Float64Array.from(values.filter((_value, i) => i % rows.length === replica)),
      );
      latest.forEach((own, replica) => {
        losses[replica]?.push(...own);
      });
      onProgress?.(position, latest);
      await setImmediate();
      lastYield = performance.now();
    };
    this.#errors.reserve(exampleNumbers);
    for (let step = 0; position < length && signal?.aborted !== true; step++) {
      const end = Math.min(length, position + this.#batchSize);
      const cut = (all: readonly Int32Array[]) => all.map((own) => own.subarray(position, end));
      const numbers = cut(exampleNumbers);
      const batch = await this.#batchWithErrors(examples, cut(rows), numbers);
      const observe =
        alignEvery === undefined ? step < alignmentBatches : this.#stepsTaken % alignEvery === 0;
      this.#stepsTaken++;
      if (observe)
        for (const [replica, values] of this.#networks.alignment(batch).entries()) {
          const numbers = [...(await fetchNumbers(this.#tf, Object.values(values)))];
          const named = Object.keys(values).map((name, i) => [name, numbers[i] as number]);
          alignment[replica]?.push(Object.fromEntries(named));
        }
      const { loss, exampleErrors } = this.#networks.step(batch);
      pending.push(loss);
      if (exampleErrors !== undefined) this.#errors.keep(exampleErrors, numbers);
      this.#tf.dispose(Object.values(batch));
      position = end;
      if (performance.now() - lastYield >= YIELD_MS) await yieldToEventLoop();
    }
    await yieldToEventLoop();
    return losses.map((own, replica) => ({
      losses: Float64Array.from(own),
      alignment: alignment[replica] as AlignmentValues<number>[],
    }));
  }

  /** A batch of each network, with their axis, and with its delayed errors where a rule needs them. */
  async #batchWithErrors(
    examples: Examples,
    rows: readonly Int32Array[],
    numbers: readonly Int32Array[],
  ): Promise<Batch<tf.Tensor>> {
    const batch = this.#batch(examples, rows);
    if (!this.#errors.areNeeded) return batch;
    const form = batch.target.rank === 2 ? "labels" : "rows";
    const delayed = await this.#errors.take(examples, form, rows, numbers);
    const { outputs } = this.network;
    const shape = [rows.length, delayed.length / rows.length / outputs, outputs] as const;
    return { ...batch, delayed: this.#tf.tensor3d(delayed, [...shape]) };
  }

  /** A batch of each network, with their axis. */
  #batch(examples: Examples, rows: readonly Int32Array[]): Batch<tf.Tensor> {
    const size = (rows[0] as Int32Array).length;
    const all = new Int32Array(rows.length * size);
    rows.forEach((own, replica) => {
      all.set(own, replica * size);
    });
    return this.#tf.tidy(() => {
      const { input, target, weights } = this.#batcher.batch(examples, all);
      const split = (x: tf.Tensor) => {
        const [batch, ...rest] = x.shape as [number, ...number[]];
        return this.#tf.reshape(x, [rows.length, batch / rows.length, ...rest]);
      };
      return {
        ...{ input: split(input), target: split(target) },
        ...(weights && { weights: split(weights) }),
      };
    });
  }

  /** Something of each network, one after another. */
  async #each<Result>(
    rows: readonly Int32Array[],
    work: (passes: EagerPasses, replica: number, own: Int32Array) => Promise<Result>,
  ): Promise<Result[]> {
    const results: Result[] = [];
    for (const [replica, passes] of this.#passes.entries())
      results.push(await work(passes, replica, rows[replica] as Int32Array));
    return results;
  }

  evaluate(examples: Examples, rows: readonly Int32Array[]): Promise<Evaluation[]> {
    return this.#each(rows, (passes, replica, indices) =>
      passes.evaluate((input) => this.#networks.output(replica, input), { examples, indices }),
    );
  }

  predict(examples: Examples, rows: readonly Int32Array[]): Promise<Float32Array[]> {
    return this.#each(rows, (_passes, replica, own) => this.predictOne(replica, examples, own));
  }

  predictOne(replica: number, examples: Examples, rows: Int32Array): Promise<Float32Array> {
    const passes = this.#passes[replica] as EagerPasses;
    return passes.predict((input) => this.#networks.output(replica, input), examples, rows);
  }

  weights(replica: number) {
    return this.#networks.weights(replica);
  }

  async snapshot(replica: number): Promise<TrainingSnapshot> {
    const { slots, ...rest } = await this.#networks.snapshot(replica);
    return { ...rest, slots: { ...slots, ...delayedErrorSlots(this.#errors.of(replica)) } };
  }

  async dispose(): Promise<void> {
    this.#networks.dispose();
    this.#resident.dispose();
  }
}

/** Networks that train as one on a device, whatever {@link trainsBestAsOne} says. */
export async function eagerReplicas(
  { tf: tfjs }: Pick<EagerDevice, "tf">,
  setups: readonly EngineSetup[],
): Promise<Replicas> {
  return new EagerReplicas(tfjs, await import("@bioflax/layers"), setups);
}

/**
 * The eager engine for replicas: each step of all of them by as many operations as of one where that is faster, else
 * one after another.
 *
 * @throws BioflaxError for a device that is not there, or data that does not fit the networks.
 */
export const createEagerReplicas: ReplicasEngineFactory = async (setups) => {
  const [first] = setups as readonly [EngineSetup];
  const { useDevice } = await import("@bioflax/layers/node");
  const { threads: wanted, precision } = first;
  const device = await useDevice(first.device as EagerDeviceName, { threads: wanted, precision });
  if (!trainsBestAsOne(device.name, createTrainable(first), first.batchSize))
    return oneByOne(createEagerEngine)(setups);
  const { name, why, threads, versions } = device;
  const about = { name: "eager", device: name, why, threads, versions } as const;
  return tracedReplicas(about, await eagerReplicas(device, setups));
};
