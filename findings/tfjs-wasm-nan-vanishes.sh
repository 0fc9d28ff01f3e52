#!/usr/bin/env bash
# TensorFlow.js 4.22.0, wasm backend: a dense layer with relu makes 0 of NaN, and a max pooling -Infinity.
#
# tf.relu of the same backend keeps NaN, but layers take their activation into the product (tf.fused.matMul), which doesn't. So a network whose
# kernel has become NaN predicts zeros and has a finite loss, where the cpu backend says NaN. relu6 and clipByValue make 0 of it, too. A max
# pooling whose first pixel is NaN gives -Infinity, although the other three are ordinary numbers; cpu gives the largest of these.
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
  const kernelInitializer = tf.initializers.constant({ value: NaN });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, activation: "relu", kernelInitializer, inputShape: [2] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const loss = model.evaluate(tf.ones([4, 2]), tf.zeros([4, 1]), { verbose: 0 }).dataSync()[0];
  const nan = tf.tensor1d([NaN]);
  const kept = { relu: nan.relu(), relu6: nan.relu6(), clip: nan.clipByValue(0, 1) };
  console.log("seen:", backend, "dense with relu: loss", loss, ...Object.entries(kept).map(([name, y]) => "| " + name + " " + y.dataSync()[0]));
  console.log("seen:", backend, "max pooling of NaN 1 2 3:", tf.maxPool(tf.tensor4d([NaN, 1, 2, 3], [1, 2, 2, 1]), 2, 2, "valid").dataSync()[0]);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu dense with relu: loss NaN | relu NaN | relu6 NaN | clip NaN
seen: cpu max pooling of NaN 1 2 3: 3
seen: wasm dense with relu: loss 0 | relu NaN | relu6 0 | clip 0
seen: wasm max pooling of NaN 1 2 3: -Infinity
EOF
