#!/usr/bin/env bash
# TensorFlow.js 4.22.0: the gradient of average pooling with padding "same" is not that of what the pooling computes.
#
# A 3 × 3 image, windows of 2 × 2, strides of 2: the windows at the edge hold 2, 2 and 1 pixels, and the pooling divides by these numbers.
# The gradient divides by 4 everywhere: each pixel gets 0.25, where the last column and row should have 0.5, and the corner 1. Moving the
# corner by 1 moves the sum of the pooled image by 1, as the second line shows. The same on the cpu and the wasm backend; a network with
# such a layer trains on wrong gradients.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
setWasmPaths("node_modules/@tensorflow/tfjs-backend-wasm/dist/");

for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  const pooled = (x) => tf.avgPool(x, 2, 2, "same").sum();
  const x = tf.ones([1, 3, 3, 1]);
  const gradient = [...tf.grad(pooled)(x).dataSync()];
  const corner = tf.tensor4d([0, 0, 0, 0, 0, 0, 0, 0, 1], [1, 3, 3, 1]);
  console.log("seen:", backend, "gradient", gradient.join(" "));
  console.log("seen:", backend, "moved by", pooled(x.add(corner)).sub(pooled(x)).dataSync()[0]);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu gradient 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25
seen: cpu moved by 1
seen: wasm gradient 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25 0.25
seen: wasm moved by 1
EOF
