import type { Loss } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { checkClassWeightsInFit } from "./class-weights";
import { lookAt } from "./compile-notices";

type ModelLoss = tf.ModelCompileArgs["loss"];

/** A loss as a function that gives its mean, and what it is. */
export interface KnownLoss {
  readonly definition: Loss;
  /** The loss of each example, [batch]. */
  readonly perExample: (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;
}

const known = new WeakMap<object, KnownLoss>();
/** The losses of each example that models are compiled with. */
const compiled = new WeakSet<object>();
let isWatching = false;

/** What a function is the mean of, where it is one of bioflax's losses. */
const lossOf = (given: unknown): KnownLoss | undefined => known.get(given as object);

/**
 * What a model is compiled with, of one output, or a list or a record of several, with losses an example in place of
 * means.
 *
 * A model weights examples by multiplying what its loss gives by their weights: of a mean, that weights no example. But
 * everywhere else, `tf.variableGrads` for one, a loss is to be one number.
 */
function weighable(loss: ModelLoss): ModelLoss {
  if (Array.isArray(loss)) return loss.map(weighable) as ModelLoss;
  if (typeof loss === "function") return (lossOf(loss)?.perExample ?? loss) as ModelLoss;
  if (typeof loss !== "object" || loss === null) return loss;
  return Object.fromEntries(
    Object.entries(loss).map(([name, one]) => [name, weighable(one as ModelLoss)]),
  ) as ModelLoss;
}

/**
 * Has `model.compile` take the loss of each example where it is given a function for their mean, and look at what else
 * it is given; and has `fit` check the weights of classes.
 * TensorFlow.js tells a loss nothing of its model or its weights, so that only `compile` knows that a loss is a
 * model's.
 */
export function knowLoss(mean: object, loss: KnownLoss): void {
  known.set(mean, loss);
  compiled.add(loss.perExample);
  if (isWatching) return;
  isWatching = true;
  const { compile } = tf.LayersModel.prototype;
  // Sequential models compile one of these.
  tf.LayersModel.prototype.compile = function (this: tf.LayersModel, args) {
    compile.call(this, { ...args, loss: weighable(args.loss) });
    lookAt(this, args, (given) => lossOf(given)?.definition);
  };
  checkClassWeightsInFit((given) => compiled.has(given as object));
}
