#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a loss whose examples all have weight 0 is NaN, and its gradient too.
#
# The functions in tf.losses divide by the number of weights that are not 0, or, reduced by the mean, by the weights' sum, and so 0 by 0. A batch of padding
# alone, or of a class that is weighed 0, turns every weight of the network into NaN in one step.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const target = tf.tensor2d([[1, 0], [0, 1]]);
const x = tf.tensor2d([[0.5, -1], [2, 0.1]]);
const none = tf.zeros([2, 1]);
for (const name of ["meanSquaredError", "absoluteDifference", "huberLoss", "sigmoidCrossEntropy"]) {
  const extra = name === "huberLoss" ? [1] : name === "sigmoidCrossEntropy" ? [0] : [];
  const by = (reduction) => (y) => tf.losses[name](target, y, none, ...extra, ...(reduction === undefined ? [] : [...(name === "huberLoss" ? [undefined] : []), reduction]));
  const { value, grad } = tf.valueAndGrad(by())(x);
  console.log("seen:", name, "| value", value.dataSync()[0], "| gradient", grad.dataSync().join(" "), "| by the mean", by(tf.Reduction.MEAN)(x).dataSync()[0]);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: meanSquaredError | value NaN | gradient NaN NaN NaN NaN | by the mean NaN
seen: absoluteDifference | value NaN | gradient NaN NaN NaN NaN | by the mean NaN
seen: huberLoss | value NaN | gradient NaN NaN NaN NaN | by the mean NaN
seen: sigmoidCrossEntropy | value NaN | gradient NaN NaN NaN NaN | by the mean NaN
EOF
