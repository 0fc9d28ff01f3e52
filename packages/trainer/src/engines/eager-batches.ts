import { BioflaxError, type Network, type Shape, sizeOf } from "@bioflax/core";
import { type Dataset, type Examples, takeInputs, takeTargets } from "@bioflax/datasets";
import type * as tf from "@tensorflow/tfjs";

/** A mini-batch on the device. */
export interface TensorBatch {
  readonly input: tf.Tensor;
  readonly target: tf.Tensor;
}

/** Cuts batches out of examples on the host, which is cheaper than slicing them on the device. */
export interface Batcher {
  /** The inputs of some rows, float32 [rows, ...network input]. */
  inputs(examples: Examples, rows: Int32Array): tf.Tensor;
  /** Inputs and targets of some rows: labels, int32 [rows], or values, float32 [rows, outputs]. */
  batch(examples: Examples, rows: Int32Array): TensorBatch;
}

/**
 * How a data set's examples become a network's batches.
 *
 * An example that holds several of the network's inputs, [rows, features], counts as so many rows of the batch.
 *
 * @throws BioflaxError when an example does not consist of whole inputs.
 */
export function createBatcher(
  tfjs: typeof tf,
  network: Network,
  { inputShape, normalization }: Dataset,
): Batcher {
  const input: Shape = network.spec.inputShape;
  if (sizeOf(inputShape) % sizeOf(input) !== 0) {
    throw new BioflaxError(
      `The network's input shape is [${input.join(", ")}], but the data set's examples have the shape [${inputShape.join(", ")}].`,
    );
  }
  const inputs = (examples: Examples, rows: Int32Array) => {
    const values = takeInputs(examples, rows, normalization);
    return tfjs.tensor(values, [values.length / sizeOf(input), ...input], "float32");
  };
  return {
    inputs,
    batch(examples, rows) {
      const values = takeTargets(examples, rows);
      const target =
        values instanceof Int32Array
          ? tfjs.tensor1d(values, "int32")
          : tfjs.tensor2d(values, [values.length / network.outputs, network.outputs], "float32");
      return { input: inputs(examples, rows), target };
    },
  };
}
