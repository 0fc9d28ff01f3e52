#!/usr/bin/env bash
# TensorFlow.js 4.22.0: batchNormalization with an axis that is not the last predicts with each channel's numbers in the wrong places.
#
# The moving means and scales are dealt out over the input in turn, number by number, whatever the shape, instead of one to each channel: with three
# channels first, the first row of the first channel is scaled by 1, 2, 3, 1. No error is raised, on the backends cpu and wasm alike. In fit the
# gradient does raise one, so a model can be loaded and used, but not trained further.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
for (const backend of ["cpu", "wasm"]) {
  await tf.setBackend(backend);
  for (const axis of [1, 2]) {
    const layer = tf.layers.batchNormalization({ axis, epsilon: 0.001, inputShape: [3, 4] });
    const model = tf.sequential({ layers: [layer] });
    const size = [3, 4][axis - 1];
    // Scales 1, 2, 3 and so on of inputs that are 1; nothing else changes them.
    layer.setWeights([tf.range(1, size + 1), tf.zeros([size]), tf.zeros([size]), tf.fill([size], 0.999)]);
    const rows = model.predict(tf.ones([1, 3, 4])).squeeze().arraySync();
    console.log("seen:", backend, "| axis", axis, "|", rows.map((row) => row.map((x) => x.toFixed(0)).join(" ")).join(", "));
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    const inputs = tf.ones([2, 3, 4]);
    const fitted = await model.fit(inputs, inputs, { verbose: 0 }).then(() => "fits", (error) => error.message);
    console.log("seen:", backend, "| axis", axis, "| fit:", fitted);
  }
}
process.exit();
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cpu | axis 1 | 1 2 3 1, 2 3 1 2, 3 1 2 3
seen: cpu | axis 1 | fit: Size(24) must match the product of shape 1,3,1
seen: cpu | axis 2 | 1 2 3 4, 1 2 3 4, 1 2 3 4
seen: cpu | axis 2 | fit: fits
seen: wasm | axis 1 | 1 2 3 1, 2 3 1 2, 3 1 2 3
seen: wasm | axis 1 | fit: Size(24) must match the product of shape 1,3,1
seen: wasm | axis 2 | 1 2 3 4, 1 2 3 4, 1 2 3 4
seen: wasm | axis 2 | fit: fits
EOF
