#!/usr/bin/env bash
# TensorFlow.js 4.22.0: the metrics precision and recall count a probability as neither right nor wrong.
#
# They ask for predictions that equal 1 or 0, and have no threshold. A positive predicted with 0.6, or missed with 0.4, counts for nothing: a classifier
# that finds one of four positives, and is unsure of the rest, has recall 1. As metrics of a model with a sigmoid, whose outputs are hardly ever exactly 0 or
# 1, both come to 0. Keras's round at 0.5.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const labels = tf.tensor2d([[1, 1, 1, 1, 0, 0]]);
for (const predictions of [[1, 0, 0, 0, 0, 1], [1, 0.4, 0.3, 0.2, 0, 0.9], [0.9, 0.8, 0.7, 0.6, 0.2, 0.1]]) {
  const of = (metric) => metric(labels, tf.tensor2d([predictions])).dataSync()[0].toFixed(2);
  console.log("seen: labels 1 1 1 1 0 0, predictions", ...predictions, "| precision", of(tf.metrics.precision), "recall", of(tf.metrics.recall));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: labels 1 1 1 1 0 0, predictions 1 0 0 0 0 1 | precision 0.50 recall 0.25
seen: labels 1 1 1 1 0 0, predictions 1 0.4 0.3 0.2 0 0.9 | precision 1.00 recall 1.00
seen: labels 1 1 1 1 0 0, predictions 0.9 0.8 0.7 0.6 0.2 0.1 | precision 0.00 recall 0.00
EOF
