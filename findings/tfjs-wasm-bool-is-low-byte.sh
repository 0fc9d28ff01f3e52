#!/usr/bin/env bash
# TensorFlow.js 4.22.0, wasm backend: a cast to "bool" keeps the lowest byte of the number: 0.5 and 256 become false, -1 becomes 255.
#
# On the cpu backend all but 0 are true. The bytes are not made 0 or 1 later: the sum of the mask of 0.5, 1, 2, 256, -1, 0 is 258, not 5, and the
# not of 2 is 3, which is true as well. Met where weights or grey values become a mask, as in weights.toBool().
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
  const mask = tf.tensor1d([0.5, 1, 2, 256, -1, 0]).toBool();
  const [bytes, sum, not] = [mask, mask.sum(), mask.logicalNot()].map((tensor) => [...tensor.dataSync()].join(" "));
  console.log("seen:", backend, bytes, "| sum", sum, "| not", not);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu 1 1 1 1 1 0 | sum 5 | not 0 0 0 0 0 1
seen: wasm 0 1 2 0 255 0 | sum 258 | not 1 0 3 1 254 1
EOF
