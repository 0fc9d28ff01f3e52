#!/usr/bin/env bash
# TensorFlow.js 4.22.0: the layer depthwiseConv2d takes a dilationRate and does not dilate.
#
# It keeps the rate and writes it into its configuration, but neither its output's shape nor its output knows of it: both are those of a rate of 1. A
# network trained elsewhere whose depthwise filters are dilated (DeepLab's, say) is another one here, without an error wherever the padding is "same".
# tf.depthwiseConv2d, the operation, does dilate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const x = tf.randomNormal([1, 7, 8, 2], 0, 1, "float32", 1);
const kernel = tf.randomNormal([3, 3, 2, 1], 0, 1, "float32", 2);
for (const padding of ["valid", "same"]) {
  const layer = tf.layers.depthwiseConv2d({ kernelSize: 3, dilationRate: 2, padding, inputShape: [7, 8, 2] });
  const model = tf.sequential({ layers: [layer] });
  layer.setWeights([kernel, tf.zeros([2])]);
  const seen = model.predict(x);
  const by = (rate) => tf.depthwiseConv2d(x, kernel, 1, padding, "NHWC", rate);
  const is = (other) => String(seen.shape) === String(other.shape) && tf.max(tf.abs(tf.sub(seen, other))).dataSync()[0] < 1e-5;
  console.log("seen:", padding, "| dilationRate", layer.getConfig().dilationRate, "| output", seen.shape.join("x"), "| the operation's", by(2).shape.join("x"));
  console.log("seen:", padding, "| as the operation with rate 2:", is(by(2)), "| with rate 1:", is(by(1)));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: valid | dilationRate [ 2, 2 ] | output 1x5x6x2 | the operation's 1x3x4x2
seen: valid | as the operation with rate 2: false | with rate 1: true
seen: same | dilationRate [ 2, 2 ] | output 1x7x8x2 | the operation's 1x7x8x2
seen: same | as the operation with rate 2: false | with rate 1: true
EOF
