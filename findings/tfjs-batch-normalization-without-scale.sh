#!/usr/bin/env bash
# TensorFlow.js 4.22.0: batchNormalization({ scale: false }) builds and predicts, and cannot be trained.
#
# fit ends in a TypeError from inside the layer ("Cannot read properties of undefined"), because its training path reads gamma without
# asking whether there is one; so does center: false with beta. In Keras, whose options these are, both train, and scale: false
# is what its documentation recommends before a relu.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
for (const options of [{ scale: false }, { center: false }]) {
  const norm = tf.layers.batchNormalization({ ...options, inputShape: [2] });
  const model = tf.sequential({ layers: [norm, tf.layers.dense({ units: 1 })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const shape = model.predict(tf.ones([4, 2])).shape;
  const failure = await model.fit(tf.ones([4, 2]), tf.ones([4, 1]), { verbose: 0 }).catch((error) => error);
  console.log("seen:", JSON.stringify(options), "predicts", shape.join("x"), "| fit:", failure.constructor.name, failure.message);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: {"scale":false} predicts 4x1 | fit: TypeError Cannot read properties of undefined (reading 'read')
seen: {"center":false} predicts 4x1 | fit: TypeError Cannot read properties of undefined (reading 'read')
EOF
