import {
  BioflaxError,
  checkOptionNames,
  checkSampleWeights,
  type GivenLoss,
  getLoss,
  type Loss,
  type LossOptions,
  lossNameOf,
  lossOptions,
  lossSpecOf,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { leaveTarget, reshapeOutput } from "../links/target-signals";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";
import { knowLoss } from "./known-losses";
import { fittingTarget } from "./targets";

interface LossAttributes {
  readonly definition: Loss;
  /** Where the output lies, before any copy that is saved of it. */
  readonly storage: object;
}

/**
 * The mean loss of a batch as a differentiable operation: inputs `output`, [rows, outputs], and `target`; it leaves the
 * target for rules that need it.
 */
const meanLoss = defineKernel<LossAttributes>({
  name: "BioflaxLoss",
  inputsToSave: ["output", "target"],
  outputsToSave: [false, true],
  forward({ output, target }, { definition }) {
    const { value, error } = definition.evaluate(tfOps, output as tf.Tensor, target as tf.Tensor);
    return [value, error];
  },
  backward(delta, saved, { definition, storage }) {
    const [output, target, error] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { name, targetSignal } = definition;
    leaveTarget(storage, {
      loss: name,
      delta,
      signal: targetSignal && (() => tf.mul(targetSignal(tfOps, output, target), delta)),
      weights: undefined,
    });
    return { output: () => tf.mul(error, delta), target: () => constant(target) };
  },
});

/**
 * The loss of each example as a differentiable operation: inputs `output`, [rows, outputs], and `target`. Else as
 * {@link meanLoss}.
 */
const lossPerExample = defineKernel<LossAttributes>({
  name: "BioflaxLossPerExample",
  inputsToSave: ["output", "target"],
  outputsToSave: [false, true],
  forward({ output, target }, { definition }) {
    const { values, errors } = definition.perExample(
      tfOps,
      output as tf.Tensor,
      target as tf.Tensor,
    );
    return [values, errors];
  },
  backward(delta, saved, { definition, storage }) {
    const [output, target, errors] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { name, targetSignal } = definition;
    const rows = delta.size;
    const column = () => tf.reshape(delta, [rows, 1]);
    // Of a mean over the batch, an example's loss gets its weight / rows.
    const weights = () => tf.mul(column(), rows);
    leaveTarget(storage, {
      loss: name,
      delta,
      signal: targetSignal && (() => targetSignal(tfOps, output, target, weights())),
      weights,
    });
    return { output: () => tf.mul(errors, column()), target: () => constant(target) };
  },
});

/** The gradient of targets, which are constants, wherever they come from. */
const constant = ({ shape }: tf.Tensor) => tf.zeros(shape);

/** Outputs as a matrix, [rows, outputs]. */
function matrixOf(output: tf.Tensor): tf.Tensor {
  const columns = output.shape.at(-1) as number;
  return output.rank === 2 ? output : reshapeOutput(output, [output.size / columns, columns]);
}

/**
 * A loss of targets just as core reads them, class numbers int32 [rows] or rows float32 [rows, outputs], which are not
 * checked: for loops that have checked their data before the first step.
 *
 * @returns (target, output [rows, outputs], weights [rows, 1], where examples have any) → the mean loss, a scalar.
 */
export function uncheckedLoss(
  spec: GivenLoss,
): (target: tf.Tensor, output: tf.Tensor, weights?: tf.Tensor) => tf.Scalar {
  const definition = getLoss(spec);
  return (target, output, weights) => {
    const attributes = { definition, storage: output.dataId };
    if (weights === undefined) return meanLoss({ output, target }, attributes)[0] as tf.Scalar;
    const [values] = lossPerExample({ output, target }, attributes) as [tf.Tensor];
    return tf.mean(tf.mul(values, tf.reshape(weights, [-1])));
  };
}

/**
 * One of bioflax's losses as a function for `model.compile`, `tf.variableGrads` and the like.
 *
 * Value and gradient are core's own, and so is what targets it takes, of any type of number (`docs/targets.md`).
 * `softmaxCrossEntropy`, on logits: class numbers, [batch] or [batch, 1], and rows that sum to 1, one-hot or soft,
 * [batch, classes]. `sigmoidCrossEntropy`, on logits: the same, and rows of any numbers from 0 to 1, such as multi-hot
 * ones; of a single output a column of them, [batch, 1], which is binary classification. `meanSquaredError`: numbers of
 * the output's shape. `model.fit` insists that the targets of a loss that is a function have the output's shape;
 * `fitDataset` does not.
 *
 * A model it is compiled into weights its examples as `fit` is told by `classWeight`: each one's loss, its error and
 * what `drtp` sends of its target; `fit` refuses weights that are not a number from 0, and, where they differ, rows
 * that are not one-hot. Elsewhere give what to weight them by as a third argument. The mean is over the number of
 * examples.
 *
 * Rules that send the target in place of the error (`drtp`) get it from these losses alone, and not from
 * `meanSquaredError`.
 *
 * @param given the loss's name, or a spec with its options, as engines have it; or a loss of one's own.
 * @param options `labelSmoothing`, α of smoothed labels, for losses that take class numbers; 0 when left out.
 * @returns (target, output, weights) → the mean loss of the batch, a scalar; weights, [batch], are 1 each when left
 *   out.
 * @throws BioflaxError for an unknown name, labels that cannot be smoothed so, or `adversarialEps`, which takes a
 *   gradient at the input; the function it returns, for targets
 *   that the loss does not take, no examples, or weights that are not a number from 0 for each.
 * @example
 * model.compile({ optimizer: "sgd", loss: loss("softmaxCrossEntropy", { labelSmoothing: 0.1 }) });
 */
export function loss(
  given: GivenLoss,
  options: LossOptions = {},
): (target: tf.Tensor, output: tf.Tensor, weights?: tf.Tensor) => tf.Scalar {
  const spec = lossSpecOf(given);
  const name = lossNameOf(spec);
  checkOptionNames(`Loss "${name}"`, options, lossOptions);
  const whole = { ...(typeof spec === "string" ? { name } : spec), ...options };
  const definition = getLoss(whole);
  if (definition.adversarialEps !== undefined)
    throw new BioflaxError(
      `Loss "${name}": expected no adversarialEps, received ${definition.adversarialEps}: a loss that fit calls cannot move the inputs it comes from. ` +
        "Leave it out, or train with trainModel, or with the command.",
    );
  const mean = uncheckedLoss(whole);
  const perExample = (target: tf.Tensor, output: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const matrix = matrixOf(output);
      const [values] = lossPerExample(
        { output: matrix, target: fittingTarget(definition, target, output.shape) },
        { definition, storage: matrix.dataId },
      );
      const [batch] = output.shape as [number];
      // Of an example of several rows, the mean over them.
      return output.rank === 2
        ? (values as tf.Tensor)
        : tf.mean(tf.reshape(values as tf.Tensor, [batch, -1]), 1);
    });
  const evaluated = (target: tf.Tensor, output: tf.Tensor, weights?: tf.Tensor) =>
    tf.tidy(() => {
      const fitting = fittingTarget(definition, target, output.shape);
      return mean(fitting, matrixOf(output), weights && columnOf(weights, output));
    });
  knowLoss(evaluated, { definition, perExample });
  return evaluated;
}

/** Weights of examples as a column of one for each row. */
function columnOf(weights: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const [batch] = output.shape as [number];
  checkSampleWeights(weights.dataSync(), batch);
  const rows = output.size / (output.shape.at(-1) as number);
  const column = tf.cast(tf.reshape(weights, [batch, 1]), "float32");
  return tf.reshape(tf.tile(column, [1, rows / batch]), [rows, 1]);
}
