#!/usr/bin/env bash
# TensorFlow.js 4.22.0: separableConv2d takes depthwiseInitializer for both of its kernels, and pointwiseInitializer for neither.
#
# Its pointwise kernel starts as the depthwise initializer says, or by default where that is left out, whatever pointwiseInitializer is. The layer's
# configuration then names the one that was taken, so that it looks as if that had been asked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const kernelsOf = (options) => {
  const layer = tf.layers.separableConv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1], ...options });
  tf.sequential({ layers: [layer] });
  const [depthwise, pointwise] = layer.getWeights().map((weight) => (tf.max(tf.abs(tf.sub(weight, 1))).dataSync()[0] === 0 ? "ones" : "others"));
  return `depthwise ${depthwise}, pointwise ${pointwise}, configuration ${layer.getConfig().pointwiseInitializer.className}`;
};
console.log("seen: pointwiseInitializer ones |", kernelsOf({ pointwiseInitializer: "ones" }));
console.log("seen: depthwiseInitializer ones |", kernelsOf({ depthwiseInitializer: "ones" }));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: pointwiseInitializer ones | depthwise others, pointwise others, configuration VarianceScaling
seen: depthwiseInitializer ones | depthwise ones, pointwise ones, configuration Ones
EOF
