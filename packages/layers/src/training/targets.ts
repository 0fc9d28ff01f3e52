import { type Loss, readTargets } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { ON_GPU } from "../ops/backends";

/** What was found wrong with targets after the call they were given in. */
const found = new WeakMap<Loss, Error>();

/**
 * Targets as a loss of core's reads them: class numbers int32 [rows], or rows float32 [rows, outputs].
 *
 * On a GPU values are looked at while it goes on computing, and what is wrong with them is said at the loss's next
 * call.
 *
 * @param target of a kind the loss takes, [batch, …].
 * @param outputShape the shape of the outputs they are for, [batch, …, outputs].
 * @throws BioflaxError when the loss takes no such targets.
 */
export function fittingTarget(
  loss: Loss,
  target: tf.Tensor,
  outputShape: readonly number[],
): tf.Tensor {
  const before = found.get(loss);
  found.delete(loss);
  if (before !== undefined) throw before;
  const { dtype: type, shape } = target;
  const read = (values?: ArrayLike<number>) =>
    readTargets(loss, { type, shape, values }, outputShape);
  const isNumeric = type !== "string" && type !== "complex64";
  const isOnGpu = ON_GPU.includes(tf.getBackend());
  const form = read(isNumeric && !isOnGpu ? target.dataSync() : undefined);
  if (isOnGpu)
    target
      .data()
      .then(read)
      .catch((error: Error) => found.set(loss, error));
  const outputs = outputShape.at(-1) as number;
  return form === "labels"
    ? tf.cast(tf.reshape(target, [target.size]), "int32")
    : tf.cast(tf.reshape(target, [target.size / outputs, outputs]), "float32");
}
