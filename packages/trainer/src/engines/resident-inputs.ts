import { type Dataset, type Examples, takeInputs } from "@bioflax/datasets";
import type * as tf from "@tensorflow/tfjs";

/** Up to how many bytes inputs are kept on the device. */
const LIMIT = 256 * 2 ** 20;

/**
 * A data set's training inputs, normalised, as one tensor on the device, which gathers batches faster there than they
 * are cut out on the host and copied: on TensorFlow's own library, where they are not too many.
 *
 * A batch has the same bits either way.
 */
export class ResidentInputs {
  readonly #tf: typeof tf;
  readonly #dataset: Dataset;
  #all: tf.Tensor2D | undefined;

  constructor(tfjs: typeof tf, dataset: Dataset) {
    this.#tf = tfjs;
    this.#dataset = dataset;
  }

  /** The inputs of some rows, [rows, elements of an example]; undefined where they are not kept here. */
  take(examples: Examples, rows: Int32Array): tf.Tensor2D | undefined {
    const { inputs, count } = examples;
    const isKept =
      examples === this.#dataset.train.examples &&
      this.#tf.getBackend() === "tensorflow" &&
      4 * inputs.length <= LIMIT;
    if (!isKept) return undefined;
    // Kept: whoever asks first may tidy up what it made.
    this.#all ??= this.#tf.keep(
      this.#tf.tensor2d(
        takeInputs(
          examples,
          Int32Array.from({ length: count }, (_, row) => row),
          this.#dataset.normalization,
        ),
        [count, inputs.length / count],
      ),
    );
    const all = this.#all;
    return this.#tf.tidy(() => this.#tf.gather(all, this.#tf.tensor1d(rows, "int32")));
  }

  dispose(): void {
    this.#all?.dispose();
    this.#all = undefined;
  }
}
