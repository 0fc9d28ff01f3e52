import * as tf from "@tensorflow/tfjs";
import { optimizer } from "../src/index";

/** The state of an Adam that has made a step on one weight of this shape, which is no more. */
export async function trainingOptimizerState(shape: number[], name?: string) {
  const source = optimizer({ name: "adam", learningRate: 0.1 });
  const weight = tf.variable(tf.ones(shape), true, name);
  source.applyGradients({ [weight.name]: tf.ones(shape) });
  weight.dispose();
  return source.getWeights();
}
