import { BioflaxError, lossesWithTarget } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/** What a loss tells of its target, while its backward pass runs. */
export interface LeftTarget {
  /** The loss's name. */
  readonly loss: string;
  /** The gradient that arrives at the loss; TensorFlow.js disposes it with the pass. */
  readonly delta: tf.Tensor;
  /** The target's part of the error at the output: a new tensor. Undefined where the loss has none. */
  readonly signal: (() => tf.Tensor) | undefined;
  /** What examples are weighted by, [rows, 1]: a new tensor. Undefined where they are not. */
  readonly weights: (() => tf.Tensor) | undefined;
}

/**
 * By where the output lies that a loss was computed from. Storage, because an output and its clones share it; and not
 * the output layer, because a model may have several losses in one pass, and a layer several outputs.
 */
const left = new WeakMap<object, readonly LeftTarget[]>();

/**
 * Where an output lies that was reshaped into another place, as TensorFlow's own library reshapes, by that other place.
 */
const originals = new WeakMap<object, object>();
const originalOf = (storage: object) => originals.get(storage) ?? storage;

/** An output under another shape, which losses know as that output all the same. */
export function reshapeOutput(output: tf.Tensor, shape: number[]): tf.Tensor {
  const reshaped = tf.reshape(output, shape);
  if (reshaped.dataId !== output.dataId) originals.set(reshaped.dataId, originalOf(output.dataId));
  return reshaped;
}

/** Leaves what a loss tells of its target for the layer whose output it was computed from. */
export function leaveTarget(storage: object, target: LeftTarget): void {
  left.set(originalOf(storage), [...leftAt(storage), target]);
}

/** What losses have left in the backward pass that runs. */
function leftAt(storage: object): readonly LeftTarget[] {
  return (left.get(originalOf(storage)) ?? []).filter(({ delta }) => !delta.isDisposed);
}

const fitting = () =>
  lossesWithTarget()
    .map((name) => `loss("${name}")`)
    .join(" or ");

/**
 * The target's part of the error at an output, over all losses of that output: [rows, outputs], a new tensor.
 *
 * @param storage of the output.
 * @throws BioflaxError when no loss of bioflax's was computed from it, or one whose target says nothing of the error.
 */
export function targetSignalOf(storage: object): tf.Tensor {
  const targets = leftAt(storage);
  const signals = targets.map(({ loss, signal }) => {
    if (signal === undefined) {
      throw new BioflaxError(
        `its rule needs the target's part of the error, and with the loss "${loss}" the target says nothing of the error's ` +
          `sign. Compile the model with bioflax's ${fitting()}, or choose another rule.`,
      );
    }
    return signal();
  });
  if (signals.length === 0) {
    throw new BioflaxError(
      "its rule needs the target, which only bioflax's losses pass on, and none was computed from what the output layer gives " +
        `out. Compile the model with bioflax's ${fitting()}, and let no layer but errorSource() follow the output layer.`,
    );
  }
  return signals.reduce((sum, signal) => tf.add(sum, signal));
}

/**
 * What the examples of an output are weighted by in the loss, [rows, 1], a new tensor; undefined where they are not,
 * where no loss of bioflax's was computed from the output, or several were, which may weight them differently.
 */
export function sampleWeightsOf(storage: object): tf.Tensor | undefined {
  const [only, ...others] = leftAt(storage);
  return others.length === 0 ? only?.weights?.() : undefined;
}
