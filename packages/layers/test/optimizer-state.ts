import * as tf from "@tensorflow/tfjs";
import { optimizer } from "../src/index";

/** The state of an Adam that has made a step on one weight of this shape. */
export async function trainingOptimizerState(shape: number[]) {
  const source = optimizer({ name: "adam", learningRate: 0.1 });
  const weight = tf.variable(tf.ones(shape));
  source.applyGradients({ [weight.name]: tf.ones(shape) });
  return source.getWeights();
}
