#!/usr/bin/env bash
# TensorFlow.js 4.22.0, wasm backend: a product with a reshaped matrix multiplies by the matrix as it was before.
#
# b is [[1, 2, 3], [4, 5, 6]]. Once b has been the right factor of a product, ones [1, 3] times b reshaped to [3, 2] gives
# [5, 7]; right is [9, 12], which the cpu backend gives. The backend keeps what it has packed of a right factor by its storage, which a
# reshaped tensor shares, and not by its shape. Without the first product the second is right.
# Met where a kernel is reshaped between two uses, as in a hand-written transposed convolution.
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
  const b = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
  tf.matMul(tf.ones([1, 2]), b).dataSync();
  const product = tf.matMul(tf.ones([1, 3]), b.reshape([3, 2]));
  console.log("seen:", backend, [...product.dataSync()].join(" "));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu 9 12
seen: wasm 5 7
EOF
