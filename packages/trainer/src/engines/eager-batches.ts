import {
  type Batch,
  BioflaxError,
  checkInputs,
  checkSampleWeights,
  readTargets,
  type Shape,
  sizeOf,
  type TargetForm,
  type Trainable,
} from "@bioflax/core";
import { type Dataset, type Examples, takeInputs, takeTargets } from "@bioflax/datasets";
import type * as tf from "@tensorflow/tfjs";
import type { ResidentInputs } from "./resident-inputs";

/** A mini-batch on the device. */
export type TensorBatch = Batch<tf.Tensor>;

/**
 * Cuts batches out of examples: on the host, which is cheaper than slicing them on most devices, where they are not
 * kept on one.
 */
export interface Batcher {
  /**
   * The inputs of some rows, float32 [rows, ...network input].
   *
   * @throws BioflaxError for inputs the network does not take, anywhere among the examples.
   */
  inputs(examples: Examples, rows: Int32Array): tf.Tensor;
  /**
   * Inputs of some rows, targets as the loss reads them, and what they are weighted by, where they are.
   *
   * @throws BioflaxError for targets the loss does not take, or weights that are none, anywhere among the examples.
   */
  batch(examples: Examples, rows: Int32Array): TensorBatch;
}

/**
 * How a data set's examples become a network's batches.
 *
 * An example that holds several of the network's inputs, [rows, features], counts as so many rows of the batch.
 *
 * @param resident inputs that are kept on the device; none when left out.
 * @throws BioflaxError when an example does not consist of whole inputs.
 */
export function createBatcher(
  tfjs: typeof tf,
  { network, loss }: Pick<Trainable, "network" | "loss">,
  { inputShape, targetShape, normalization }: Dataset,
  resident?: ResidentInputs,
): Batcher {
  const input: Shape = network.spec.inputShape;
  const { outputs } = network;
  const forms = new WeakMap<Examples, TargetForm>();
  /** How the loss reads some examples' targets, which are checked when they are first seen. */
  const formOf = (examples: Examples): TargetForm => {
    const known = forms.get(examples);
    if (known !== undefined) return known;
    const { targets, weights, count } = examples;
    if (weights !== undefined) checkSampleWeights(weights, count);
    const form = readTargets(
      loss,
      {
        type: targets instanceof Int32Array ? "int32" : "float32",
        shape: [count, ...targetShape],
        values: targets,
      },
      [count, ...inputShape.slice(0, inputShape.length - input.length), outputs],
    );
    forms.set(examples, form);
    return form;
  };
  if (sizeOf(inputShape) % sizeOf(input) !== 0) {
    throw new BioflaxError(
      `The network's input shape is [${input.join(", ")}], but the data set's examples have the shape [${inputShape.join(", ")}].`,
    );
  }
  const checked = new WeakSet<Examples>();
  const inputs = (examples: Examples, rows: Int32Array) => {
    if (!checked.has(examples)) checkInputs(network, examples.inputs, normalization);
    checked.add(examples);
    const gathered = resident?.take(examples, rows);
    if (gathered !== undefined) {
      const reshaped = tfjs.reshape(gathered, [gathered.size / sizeOf(input), ...input]);
      gathered.dispose();
      return reshaped;
    }
    const values = takeInputs(examples, rows, normalization);
    return tfjs.tensor(values, [values.length / sizeOf(input), ...input], "float32");
  };
  /** What rows are weighted by, one for each of the network's inputs. */
  const weightsOf = (weights: Float32Array, rows: Int32Array) => {
    const perExample = sizeOf(inputShape) / sizeOf(input);
    const column = Float32Array.from(
      { length: rows.length * perExample },
      (_, i) => weights[rows[Math.floor(i / perExample)] as number] as number,
    );
    return tfjs.tensor2d(column, [column.length, 1]);
  };
  return {
    inputs,
    batch(examples, rows) {
      const values = takeTargets(examples, rows);
      const target =
        formOf(examples) === "labels"
          ? tfjs.tensor1d(values, "int32")
          : tfjs.tensor2d(values, [values.length / outputs, outputs], "float32");
      const { weights } = examples;
      return {
        input: inputs(examples, rows),
        target,
        ...(weights && { weights: weightsOf(weights, rows) }),
      };
    },
  };
}
