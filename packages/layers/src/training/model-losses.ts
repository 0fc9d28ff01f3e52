import * as tf from "@tensorflow/tfjs";

/** A loss as a function of TensorFlow.js's models. */
type LossFunction = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;
type ModelLoss = tf.ModelCompileArgs["loss"];

/** By the function that gives a loss's mean, the one that gives the loss of each example. */
const perExample = new WeakMap<object, LossFunction>();

/**
 * Has models take the loss of each example where they are compiled with a loss that gives their mean.
 *
 * A model weights examples by multiplying what its loss gives by their weights: of a mean, that weights no example. But everywhere
 * else, `tf.variableGrads` for one, a loss is to be one number.
 *
 * @param mean (target, output) → a scalar.
 * @param each (target, output) → [batch], of the same mean.
 * @returns mean itself.
 */
export function weighedInModels<Mean extends LossFunction>(mean: Mean, each: LossFunction): Mean {
  perExample.set(mean, each);
  return mean;
}

/** What a model is compiled with, of one output, or a list or a record of several, with losses an example in place of means. */
function weighed(loss: ModelLoss): ModelLoss {
  if (Array.isArray(loss)) return loss.map(weighed) as ModelLoss;
  if (typeof loss === "function") return (perExample.get(loss) ?? loss) as ModelLoss;
  if (typeof loss !== "object" || loss === null) return loss;
  return Object.fromEntries(
    Object.entries(loss).map(([name, one]) => [name, weighed(one as ModelLoss)]),
  ) as ModelLoss;
}

// Models of TensorFlow.js tell a loss nothing of weights; what they are compiled with is the only place where it can be known that
// a loss is a model's. Sequential models compile one of these.
const { compile } = tf.LayersModel.prototype;
tf.LayersModel.prototype.compile = function (this: tf.LayersModel, args) {
  compile.call(this, { ...args, loss: weighed(args.loss) });
};
