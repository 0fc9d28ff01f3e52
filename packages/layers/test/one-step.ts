import { createTrainable, getLoss, type RuleName } from "@bioflax/core";
import type { TrainingCase } from "@bioflax/core/testing";
import * as tf from "@tensorflow/tfjs";
import { loss, type optimizer, trainModel } from "../src/index";
import { rulesOfFit } from "./rules-of-fit";

/**
 * One step of a model on a batch: by TensorFlow.js's tape, as `fit` takes it, or by core's step under a rule or a loss
 * that the tape cannot train by.
 *
 * @returns the loss before it.
 */
export function oneStep(
  model: tf.LayersModel,
  given: TrainingCase,
  stepper: ReturnType<typeof optimizer>,
  [x, y, weights]: readonly [tf.Tensor, tf.Tensor, (tf.Tensor | undefined)?],
): number {
  const { rule, layers } = given.spec;
  const named = layers.map((layer) => ("rule" in layer && layer.rule) || rule);
  const isOfFit =
    named.every((own) => rulesOfFit.includes(own as RuleName)) &&
    getLoss(given.loss).adversarialEps === undefined;
  if (!isOfFit) {
    const batch = { input: x, target: y, weights: weights && tf.reshape(weights, [-1, 1]) };
    const trained = { model, trainable: createTrainable(given), optimizer: stepper };
    return trainModel(trained, batch, ({ pass }) => pass.loss).dataSync()[0] as number;
  }
  const lossOf = loss(given.loss);
  const { value, grads } = tf.variableGrads(() =>
    lossOf(y, model.apply(x, { training: true }) as tf.Tensor, weights),
  );
  stepper.applyGradients(grads);
  tf.dispose(grads);
  return value.dataSync()[0] as number;
}
