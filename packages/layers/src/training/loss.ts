import {
  checkOptionNames,
  getLoss,
  type Loss,
  type LossOptions,
  type LossSpec,
  lossNameOf,
  type OptionNames,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { defineKernel } from "../ops/define-kernel";
import { tfOps } from "../ops/tf-ops";
import { knowLoss } from "./compile-notices";
import { leaveTarget } from "./target-signals";
import { fittingTarget } from "./targets";

interface LossAttributes {
  readonly name: string;
  readonly definition: Loss;
  /** Where the output lies, before any copy that is saved of it. */
  readonly storage: object;
}

/** A loss as a differentiable operation: inputs `output`, [rows, outputs], and `target`; it leaves the target for rules that need it. */
const evaluate = defineKernel<LossAttributes>({
  name: "BioflaxLoss",
  inputsToSave: ["output", "target"],
  outputsToSave: [false, true],
  forward({ output, target }, { definition }) {
    const { value, error } = definition.evaluate(tfOps, output as tf.Tensor, target as tf.Tensor);
    return [value, error];
  },
  backward(delta, saved, { name, definition, storage }) {
    const [output, target, error] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
    const { targetSignal } = definition;
    leaveTarget(storage, {
      loss: name,
      delta,
      signal: targetSignal && (() => targetSignal(tfOps, output, target)),
    });
    return {
      output: () => tf.mul(error, delta),
      // Targets are constants, wherever they come from.
      target: () => tf.zeros(target.shape),
    };
  },
});

/**
 * One of bioflax's losses as a function for `model.compile`, `tf.variableGrads` and the like.
 *
 * Value and gradient are core's own. `softmaxCrossEntropy` and `sigmoidCrossEntropy` take logits and class numbers, int32 or
 * float32, [batch] or [batch, 1]; and one-hot rows [batch, classes], because `model.fit` insists that the targets of a loss
 * that is a function have the output's shape (`fitDataset` does not). `meanSquaredError` takes targets of the output's shape.
 *
 * Rules that send the target in place of the error (`drtp`) get it from these losses alone, and not from
 * `meanSquaredError`.
 *
 * @param spec the loss's name, or a spec with its options, as engines have it.
 * @param options `labelSmoothing`, α of smoothed labels, for losses that take class numbers; 0 when left out.
 * @returns (target, output) → the mean loss of the batch, a scalar.
 * @throws BioflaxError for an unknown name, or labels that cannot be smoothed so; the function it returns, for a target that
 *   fits no output.
 * @example
 * model.compile({ optimizer: "sgd", loss: loss("softmaxCrossEntropy", { labelSmoothing: 0.1 }) });
 */
export function loss(
  spec: LossSpec,
  options: LossOptions = {},
): (target: tf.Tensor, output: tf.Tensor) => tf.Scalar {
  const name = lossNameOf(spec);
  checkOptionNames(`Loss "${name}"`, options, {
    labelSmoothing: true,
  } satisfies OptionNames<LossOptions>);
  const definition = getLoss({ ...(typeof spec === "string" ? { name } : spec), ...options });
  const evaluated = (target: tf.Tensor, output: tf.Tensor) =>
    tf.tidy(() => {
      const columns = output.shape.at(-1) as number;
      const matrix =
        output.rank === 2 ? output : tf.reshape(output, [output.size / columns, columns]);
      const fitting = fittingTarget(name, definition, target, output.shape);
      const [value] = evaluate(
        { output: matrix, target: fitting },
        { name, definition, storage: matrix.dataId },
      );
      return value as tf.Scalar;
    });
  knowLoss(evaluated, { name, definition });
  return evaluated;
}
