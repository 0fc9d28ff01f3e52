import * as tf from "@tensorflow/tfjs";

const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;

/** What differs between the tests' models. */
export interface ModelOptions {
  /** Activation of the output. */
  last?: "linear" | "softmax";
  /** Of the dropout. */
  rate?: number;
  /** Of the average pooling. */
  padding?: "same" | "valid";
}

/** Convolutions, normalisation, pooling, dropout, two branches and their sum: layers of TensorFlow.js's alone. */
export function branchedModel({
  last = "linear",
  rate = 0.25,
  padding = "same",
}: ModelOptions = {}): tf.LayersModel {
  let seed = 0;
  const seeded = () => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: ++seed }) });
  const conv = (filters: number, kernelSize: number, name: string, more = {}) =>
    tf.layers.conv2d({ filters, kernelSize, name, padding: "same", ...seeded(), ...more });
  const input = tf.input({ shape: [8, 6, 2], name: "image" });
  const stem = apply(conv(4, 3, "stem", { activation: "relu", biasInitializer: "ones" }), input);
  const normal = apply(tf.layers.batchNormalization({ name: "normal", momentum: 0.8 }), stem);
  const small = apply(tf.layers.maxPooling2d({ poolSize: 2, name: "small" }), normal);
  const left = apply(conv(5, 3, "left", { activation: "tanh" }), small);
  const right = apply(conv(5, 1, "right", { useBias: false }), small);
  const normalRight = apply(tf.layers.batchNormalization({ name: "normal-right" }), right);
  const sum = apply(tf.layers.add({ name: "sum" }), left, normalRight);
  const active = apply(tf.layers.activation({ activation: "relu", name: "active" }), sum);
  const pool = { poolSize: 3, strides: 2, padding, name: "mean" } as const;
  const mean = apply(tf.layers.averagePooling2d(pool as never), active);
  const row = apply(tf.layers.flatten({ name: "row" }), mean);
  const hidden = apply(
    tf.layers.dense({ units: 7, activation: "elu", name: "hidden", ...seeded() }),
    row,
  );
  const dropped = apply(tf.layers.dropout({ rate, name: "dropped" }), hidden);
  const output = apply(
    tf.layers.dense({ units: 3, activation: last, name: "output", ...seeded() }),
    dropped,
  );
  return tf.model({ inputs: input, outputs: output, name: "branched" });
}
