#!/usr/bin/env bash
# TensorFlow.js 4.22.0: regularizers of recurrent layers add nothing to the loss.
#
# simpleRNN, gru and lstm take kernelRegularizer, recurrentRegularizer and biasRegularizer and write them into their configuration, but fit and trainOnBatch
# leave them out: they belong to the layer's cell, whose losses nobody asks for. In Keras they count, and so they do of TensorFlow.js's dense layers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const regularizer = tf.regularizers.l2({ l2: 10 });
const start = { units: 2, kernelInitializer: "ones", recurrentInitializer: "ones" };
const penalties = { kernelRegularizer: regularizer, biasRegularizer: regularizer };
async function added(make, shape, more) {
  const losses = [];
  for (const given of [{}, { ...penalties, ...more }]) {
    const model = tf.sequential({ layers: [make({ ...start, ...given, inputShape: shape })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    losses.push(await model.trainOnBatch(tf.ones([1, ...shape]), tf.zeros([1, 2])));
  }
  return losses[1] - losses[0];
}
const recurrent = { recurrentRegularizer: regularizer };
console.log("seen: dense adds", await added(({ recurrentInitializer: _, ...options }) => tf.layers.dense(options), [2], {}));
for (const name of ["simpleRNN", "gru", "lstm"])
  console.log("seen:", name, "adds", await added(tf.layers[name], [3, 2], recurrent));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: dense adds 40
seen: simpleRNN adds 0
seen: gru adds 0
seen: lstm adds 0
EOF
