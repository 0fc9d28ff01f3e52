import { setImmediate } from "node:timers/promises";
import { getLoss, sizeOf } from "@bioflax/core";
import { batches, type Examples, type Split } from "@bioflax/datasets";
import { countRight, type Evaluation, EvaluationTotal, squaredError } from "@bioflax/metrics";
import type * as tf from "@tensorflow/tfjs";
import type { Batcher } from "./eager-batches";
import type { EngineSetup } from "./engine";

/** How many examples to pass forward at once. */
const BATCH = 1000;

/** Fetches and disposes tensors of one shape, all in one go: their numbers, one after another's. */
export async function fetchNumbers(
  tfjs: typeof tf,
  tensors: readonly tf.Tensor[],
): Promise<Iterable<number>> {
  if (tensors.length === 0) return [];
  const joined = tfjs.stack([...tensors]);
  tfjs.dispose([...tensors]);
  const values = await joined.data();
  joined.dispose();
  return values;
}

/** A network's output, [batch, outputs], of inputs. */
type Forward = (input: tf.Tensor) => tf.Tensor;

/** Passes over many rows, in large batches. */
export class EagerPasses {
  readonly #tf: typeof tf;
  readonly #layers: typeof import("@bioflax/layers");
  readonly #setup: Pick<EngineSetup, "spec" | "loss" | "dataset">;
  readonly #batcher: Batcher;

  constructor(
    tfjs: typeof tf,
    layers: typeof import("@bioflax/layers"),
    setup: Pick<EngineSetup, "spec" | "loss" | "dataset">,
    batcher: Batcher,
  ) {
    this.#tf = tfjs;
    this.#layers = layers;
    this.#setup = setup;
    this.#batcher = batcher;
  }

  /** The mean loss over a split's examples, and how much of them is right. */
  async evaluate(forward: Forward, { examples, indices }: Split): Promise<Evaluation> {
    const { tfOps, uncheckedLoss } = this.#layers;
    const { spec, dataset } = this.#setup;
    const lossOf = uncheckedLoss(this.#setup.loss);
    const loss = getLoss(this.#setup.loss);
    const total = new EvaluationTotal();
    for (const rows of batches(indices, BATCH)) {
      let names: string[] = [];
      const results = this.#tf.tidy(() => {
        const { input, target } = this.#batcher.batch(examples, rows);
        const output = forward(input);
        const sums = {
          ...countRight<tf.Tensor>(tfOps, loss, output, target),
          ...squaredError<tf.Tensor>(tfOps, loss, output, target),
        };
        names = Object.keys(sums);
        return [lossOf(target, output), ...Object.values(sums)];
      });
      total.add(rows.length, names, [...(await fetchNumbers(this.#tf, results))]);
      await setImmediate();
    }
    return total.result(sizeOf(dataset.inputShape) / sizeOf(spec.inputShape));
  }

  /** The outputs for some rows, row-major. */
  predict(forward: Forward, examples: Examples, rows: Int32Array): Promise<Float32Array> {
    return this.answer(rows, (some) => forward(this.#batcher.inputs(examples, some)));
  }

  /** What is computed for rows, batch after batch, row-major. */
  async answer(rows: Int32Array, compute: (some: Int32Array) => tf.Tensor): Promise<Float32Array> {
    const chunks: Float32Array[] = [];
    for (const some of batches(rows, BATCH)) {
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
}
