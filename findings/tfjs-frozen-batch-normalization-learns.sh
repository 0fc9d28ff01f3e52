#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a batch normalisation with trainable = false goes on changing its statistics in fit, and normalises by the batch's.
#
# After three epochs on the values 10 … 40 the moving mean of the frozen layer has left 0 and its variance has left 1. In Keras, since
# 2.1.3, a frozen batch normalisation runs in inference mode and stays as it is, which transfer learning by its guides relies
# on: a pretrained trunk that was frozen here gives other features after fine-tuning of the head.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
const norm = tf.layers.batchNormalization({ inputShape: [1] });
norm.trainable = false;
const model = tf.sequential({ layers: [norm, tf.layers.dense({ units: 1, kernelInitializer: "zeros" })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(tf.tensor2d([[10], [20], [30], [40]]), tf.ones([4, 1]), { verbose: 0, epochs: 3 });
const [, , mean, variance] = norm.getWeights().map((weight) => weight.dataSync()[0]);
console.log("seen: moving mean", mean.toFixed(4), "moving variance", variance.toFixed(4));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: moving mean 0.7425 moving variance 4.6829
EOF
