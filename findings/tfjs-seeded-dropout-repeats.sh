#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a dropout layer with a seed drops the same units at every step.
#
# In Keras the seed begins a series of masks. Here each call draws the first again: of 100 inputs that all carry the answer, 51 have a weight of
# exactly 0 after 50 steps on one row, because they were dropped in each. Without a seed all have learnt. A run made repeatable by its seeds is
# regularised by one mask per row of the batch, which is hardly dropout.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
for (const seed of [7, undefined]) {
  const head = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "zeros" });
  const model = tf.sequential({ layers: [tf.layers.dropout({ rate: 0.5, seed, inputShape: [100] }), head] });
  model.compile({ optimizer: tf.train.sgd(0.001), loss: "meanSquaredError" });
  await model.fit(tf.ones([1, 100]), tf.ones([1, 1]), { epochs: 50, verbose: 0 });
  const zeros = head.getWeights()[0].dataSync().filter((weight) => weight === 0).length;
  console.log("seen:", seed === undefined ? "no seed" : "seed " + seed, "| weights that never learnt", zeros);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: seed 7 | weights that never learnt 51
seen: no seed | weights that never learnt 0
EOF
