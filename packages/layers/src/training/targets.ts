import { BioflaxError, type Loss, showShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/** Class numbers from class numbers of any type and shape, or from one-hot rows. */
function labelsOf(target: tf.Tensor, rows: number, classes: number): tf.Tensor | undefined {
  if (target.size === rows) return tf.cast(tf.reshape(target, [rows]), "int32");
  if (target.size === rows * classes) return tf.argMax(tf.reshape(target, [rows, classes]), -1);
  return undefined;
}

/**
 * Targets as a loss of core's takes them: class numbers int32 [rows], or values float32 [rows, outputs].
 *
 * @param loss the loss's name, for the error.
 * @param target class numbers of any type and shape or one-hot rows; or values. [batch, …].
 * @param outputShape the shape of the outputs they are for, [batch, …, outputs].
 * @throws BioflaxError when they do not fit the outputs.
 */
export function fittingTarget(
  loss: string,
  { targets }: Pick<Loss, "targets">,
  target: tf.Tensor,
  outputShape: readonly number[],
): tf.Tensor {
  const outputs = outputShape.at(-1) as number;
  const rows = outputShape.slice(0, -1).reduce((product, extent) => product * extent, 1);
  const [fitting, expected] =
    targets === "labels"
      ? [labelsOf(target, rows, outputs), "class numbers [batch] or one-hot rows"]
      : [
          target.size === rows * outputs
            ? tf.cast(tf.reshape(target, [rows, outputs]), "float32")
            : undefined,
          "values of the output's shape",
        ];
  if (fitting === undefined) {
    throw new BioflaxError(
      `Loss "${loss}": expected ${expected} for an output of shape ${showShape(outputShape)}, received a target of shape ${showShape(target.shape)}.`,
    );
  }
  return fitting;
}
