#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a frozen model in a tf.sequential goes on training.
#
# base.trainable = false, then the usual head on top, compile, fit: the base's kernel, all ones before, has moved to 0.92, and
# base.trainable still says false. In tf.model, with base.apply(input), it stays as it is. This is the transfer-learning recipe of Keras's
# guide, which there leaves the base alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
async function kernelAfter(build) {
  const base = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: "ones" })] });
  base.trainable = false;
  const model = build(base, tf.layers.dense({ units: 1, kernelInitializer: "ones" }));
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(tf.ones([4, 2]), tf.zeros([4, 1]), { epochs: 1, verbose: 0 });
  return [base.trainable, ...base.getWeights()[0].dataSync()].map((x) => (typeof x === "number" ? x.toFixed(2) : x)).join(" ");
}
const sequential = (base, head) => tf.sequential({ layers: [base, head] });
const functional = (base, head) => {
  const inputs = tf.input({ shape: [2] });
  return tf.model({ inputs, outputs: head.apply(base.apply(inputs)) });
};
console.log("seen: sequential", await kernelAfter(sequential));
console.log("seen: functional", await kernelAfter(functional));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: sequential false 0.92 0.92 0.92 0.92
seen: functional false 1.00 1.00 1.00 1.00
EOF
