import { BioflaxError, getLoss, type Loss, type LossName, showShape } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";

const evaluate = defineKernel<{ readonly loss: Loss; readonly target: tf.Tensor }>({
  name: "BioflaxLoss",
  inputsToSave: [],
  outputsToSave: [false, true],
  forward({ output }, { loss, target }) {
    const { value, error } = loss.evaluate(tfOps, output as tf.Tensor, target);
    return [value, error];
  },
  backward: (delta, [error]) => ({ output: () => tf.mul(error as tf.Tensor, delta) }),
});

/** Class numbers from class numbers of any type and shape, or from one-hot rows. */
function labelsOf(target: tf.Tensor, rows: number, classes: number): tf.Tensor | undefined {
  if (target.size === rows) return tf.cast(tf.reshape(target, [rows]), "int32");
  if (target.size === rows * classes) return tf.argMax(tf.reshape(target, [rows, classes]), -1);
  return undefined;
}

/**
 * One of bioflax's losses as a function for `model.compile`, `tf.variableGrads` and the like.
 *
 * Value and gradient are core's own. `softmaxCrossEntropy` takes logits and class numbers, int32 or float32, [batch] or
 * [batch, 1]; and one-hot rows [batch, classes], because `model.fit` insists that the targets of a loss that is a function
 * have the output's shape (`fitDataset` does not). `meanSquaredError` takes targets of the output's shape.
 *
 * @param name the loss.
 * @returns (target, output) → the mean loss of the batch, a scalar.
 * @throws BioflaxError for an unknown name; the function it returns, for a target that fits no output.
 */
export function loss(name: LossName): (target: tf.Tensor, output: tf.Tensor) => tf.Scalar {
  const definition = getLoss(name);
  return (target, output) =>
    tf.tidy(() => {
      const columns = output.shape.at(-1) as number;
      const rows = output.size / columns;
      const matrix = output.rank === 2 ? output : tf.reshape(output, [rows, columns]);
      const fitting =
        definition.targets === "labels"
          ? labelsOf(target, rows, columns)
          : target.size === output.size
            ? tf.cast(tf.reshape(target, [rows, columns]), "float32")
            : undefined;
      if (fitting === undefined) {
        const expected =
          definition.targets === "labels"
            ? "class numbers [batch] or one-hot rows"
            : "values of the output's shape";
        throw new BioflaxError(
          `Loss "${name}": expected ${expected} for an output of shape ${showShape(output.shape)}, received a target of shape ${showShape(target.shape)}.`,
        );
      }
      return evaluate({ output: matrix }, { loss: definition, target: fitting })[0] as tf.Scalar;
    });
}
