#!/usr/bin/env bash
# TensorFlow.js 4.22.0: freezing a layer changes the order of a model's weights, so that weights copied to a frozen twin change places.
#
# The weights that learn come first, then the frozen ones, in getWeights and setWeights alike. Two layers of one shape, the twin's first
# layer frozen (a target network, a teacher): after twin.setWeights(model.getWeights()) the twin's layers have each other's kernels,
# and nothing is said. Where shapes differ there is an error about shapes. Since the
# layers of a network often have one shape, the silent case is a usual one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
const make = () =>
  tf.sequential({ layers: ["a", "b"].map(() => tf.layers.dense({ units: 1, useBias: false, inputShape: [1] })) });
const [model, twin] = [make(), make()];
model.setWeights([tf.tensor2d([[2]]), tf.tensor2d([[3]])]);
twin.layers[0].trainable = false;
twin.setWeights(model.getWeights());
const kernels = (of) => of.layers.map((layer) => layer.getWeights()[0].dataSync()[0]).join(" ");
console.log("seen:", kernels(model), "copied", kernels(twin));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 2 3 copied 3 2
EOF
