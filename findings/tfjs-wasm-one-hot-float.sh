#!/usr/bin/env bash
# TensorFlow.js 4.22.0, wasm backend: tf.oneHot with dtype "float32" writes the bits of integers into a float tensor.
#
# The ones come out as 1.4e-45, the float whose bits are those of the integer 1; on the cpu backend they are 1. Used as targets, every
# class is then "not this one", and a cross-entropy of about 0 looks like a network that has learnt everything.
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
  const rows = tf.oneHot(tf.tensor1d([0, 1], "int32"), 2, 1, 0, "float32");
  console.log("seen:", backend, rows.dtype, [...rows.dataSync()].join(" "));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu float32 1 0 0 1
seen: wasm float32 1.401298464324817e-45 0 0 1.401298464324817e-45
EOF
