#!/usr/bin/env bash
# TensorFlow.js 4.22.0: of the preprocessing layers, only rescaling can be the first of a sequential model.
#
# resizing passes its inputs on as a list and fails at the first prediction; centerCrop and categoryEncoding are built for what they give instead of
# what they take, so that the model wants its inputs cropped or encoded already, and its own layer is left nothing to do. Called by themselves on a tensor,
# all four work.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
const image = tf.ones([1, 6, 8, 2]);
const made = {
  rescaling: [() => ({ scale: 2, offset: 0 }), image],
  resizing: [() => ({ height: 3, width: 4 }), image],
  centerCrop: [() => ({ height: 2, width: 2 }), image],
  categoryEncoding: [() => ({ numTokens: 5, outputMode: "multiHot" }), tf.tensor([[1, 3]], [1, 2], "int32")],
};
for (const [name, [options, x]] of Object.entries(made)) {
  const attempt = (run) => { try { return run().shape.join("x"); } catch (error) { return error.message; } };
  const alone = attempt(() => tf.layers[name](options()).apply(x));
  const first = attempt(() => tf.sequential({ layers: [tf.layers[name]({ ...options(), inputShape: x.shape.slice(1) })] }).predict(x));
  console.log("seen:", name, "| by itself:", alone, "| first of a model:", first.replace(/_[A-Za-z]+\d+_input/, ""));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: rescaling | by itself: 1x6x8x2 | first of a model: 1x6x8x2
seen: resizing | by itself: 1x3x4x2 | first of a model: Error in resizeBilinear: x must be rank 3 or 4, but got rank 1.
seen: centerCrop | by itself: 1x2x2x2 | first of a model: Error when checking : expected center_crop to have shape [null,2,2,2] but got array with shape [1,6,8,2].
seen: categoryEncoding | by itself: 1x5 | first of a model: Error when checking : expected category_encoding to have shape [null,5] but got array with shape [1,2].
EOF
