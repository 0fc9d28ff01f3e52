import * as tf from "@tensorflow/tfjs";

/**
 * The part of logits that are on the right side of 0, as a metric for `model.compile`: of one logit for two classes, or
 * of several labels, each with a logit.
 *
 * mean [(z > 0) = (t > ½)] over batch and outputs. `tf.metrics.binaryAccuracy`, and the metric `"accuracy"` for one
 * output, are for probabilities: they take ½ for the border.
 *
 * @param target 0 or 1, of the output's shape.
 * @param output logits, as the losses of {@link loss} take them.
 * @returns a scalar from 0 to 1.
 * @example
 * model.compile({ optimizer: "sgd", loss: loss("sigmoidCrossEntropy"), metrics: [binaryAccuracy] });
 */
export function binaryAccuracy(target: tf.Tensor, output: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const isOne = tf.greater(tf.reshape(target, output.shape), 0.5);
    return tf.mean(tf.cast(tf.equal(tf.greater(output, 0), isOne), "float32")) as tf.Scalar;
  });
}
