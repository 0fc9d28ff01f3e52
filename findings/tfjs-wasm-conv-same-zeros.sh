#!/usr/bin/env bash
# TensorFlow.js 4.22.0, wasm backend: a convolution with padding "same" and a stride longer than its window gives zeros.
#
# A 7 × 7 image of 1 … 49, a 2 × 2 kernel of ones, strides 4: the cpu backend gives 20, 36, 132, 148, wasm gives 0, 0, 0, 0. No error, no
# warning. Not every such convolution is wrong: windows of 3 × 3 with strides of 5 on an 8 × 8 image are right.
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

const conv = (size, window, strides) => {
  const image = tf.range(1, size * size + 1).reshape([1, size, size, 1]);
  return [...tf.conv2d(image, tf.ones([window, window, 1, 1]), strides, "same").dataSync()].join(" ");
};
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  console.log("seen:", backend, conv(7, 2, 4), "|", conv(8, 3, 5));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu 20 36 132 148 | 90 135 450 495
seen: wasm 0 0 0 0 | 90 135 450 495
EOF
