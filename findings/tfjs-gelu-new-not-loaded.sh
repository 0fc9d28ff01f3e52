#!/usr/bin/env bash
# TensorFlow.js 4.22.0: a model with the activation "gelu_new" trains and saves, and cannot be loaded again.
#
# Loading turns every text of the saved configuration from snake_case into camelCase, values as well as names, and asks for an activation
# "geluNew", which there isn't. With "gelu" the same round trip works. Whoever saves checkpoints finds out when the first is needed.
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
for (const activation of ["gelu", "gelu_new"]) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, activation, inputShape: [2] })] });
  console.log("seen:", activation, "|", (await loads(await saved(model))).split(".")[0]);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: gelu | loads
seen: gelu_new | Unknown activation: geluNew
EOF
