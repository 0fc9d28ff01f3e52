#!/usr/bin/env bash
# TensorFlow.js 4.22.0: depthwiseConv2d saves its regularizer as its constraint.
#
# getConfig writes what depthwiseRegularizer was into depthwiseConstraint, too. A model with a regularised depthwise convolution, as
# every MobileNet recipe has, trains and saves; loading it fails at the weights, because an L1L2 object is then asked to constrain them, and
# the message speaks of shapes.
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
for (const options of [{}, { depthwiseRegularizer: "l1l2" }]) {
  const layer = tf.layers.depthwiseConv2d({ kernelSize: 2, inputShape: [4, 4, 1], ...options });
  const model = tf.sequential({ layers: [layer] });
  const { depthwiseConstraint } = layer.getConfig();
  console.log("seen:", JSON.stringify(options), "constraint", depthwiseConstraint?.className ?? "none", "|", await loads(await saved(model)));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: {} constraint none | loads
seen: {"depthwiseRegularizer":"l1l2"} constraint L1L2 | shape of the new value () and previous value (2,2,1,1) must match
EOF
