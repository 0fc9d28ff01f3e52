#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a saved separableConv2d with a depth multiplier cannot be loaded.
#
# The layer's configuration leaves depthMultiplier out, so that the loaded layer has one of 1, and its weights don't fit. Cloning the
# layer or model by its configuration, as Keras users do, gives another network without an error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
async function saved(model) {
  let kept;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    kept = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  }));
  return kept;
}
const loads = (artifacts) =>
  tf.loadLayersModel(tf.io.fromMemory(artifacts)).then(() => "loads", (error) => error.message);
const layer = tf.layers.separableConv2d({ filters: 2, kernelSize: 2, depthMultiplier: 2, inputShape: [4, 4, 1] });
const model = tf.sequential({ layers: [layer] });
const copy = tf.layers.separableConv2d({ ...layer.getConfig(), name: "copy" });
tf.sequential({ layers: [copy] });
const shape = ({ weights }) => weights[0].shape.join("x");
console.log("seen:", "depthMultiplier" in layer.getConfig(), "|", shape(layer), "copied", shape(copy));
console.log("seen:", await loads(await saved(model)));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: false | 2x2x1x2 copied 2x2x1x1
seen: Shape mismatch: [2,2,1,1] vs. [2,2,1,2]
EOF
