#!/usr/bin/env bash
# TensorFlow.js 4.22.0 and Keras 3.15.1: upSampling2d by bilinear interpolation gives other pixels, half a pixel aside.
#
# Keras takes pixels for squares, so that twice 0 1 2 3 is 0 0.25 0.75 1.25 and so on; TensorFlow.js's layer takes them for points at their upper left
# corner, and gives 0 0.5 1 1.5. A decoder converted from Keras moves its image up and to the left at every such layer, without an error. The operation
# tf.image.resizeBilinear can do it Keras's way, by halfPixelCenters; the layer has no option for it. Nearest-neighbour layers agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 numpy==2.4.6
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
await tf.setBackend("cpu");
for (const interpolation of ["nearest", "bilinear"]) {
  const model = tf.sequential({ layers: [tf.layers.upSampling2d({ size: [1, 2], interpolation, inputShape: [1, 4, 1] })] });
  console.log("seen:", interpolation, "| TensorFlow.js", model.predict(tf.tensor([0, 1, 2, 3], [1, 1, 4, 1])).dataSync().join(" "));
}
const halves = tf.image.resizeBilinear(tf.tensor([0, 1, 2, 3], [1, 4, 1]), [1, 8], false, true);
console.log("seen: bilinear | TensorFlow.js's operation with half pixels", halves.dataSync().join(" "));
EOF
cat >try.py <<'EOF'
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

for interpolation in ["nearest", "bilinear"]:
    layer = keras.layers.UpSampling2D(size=(1, 2), interpolation=interpolation)
    seen = np.array(layer(np.array([0, 1, 2, 3], "float32").reshape(1, 1, 4, 1))).ravel()
    print("seen:", interpolation, "| Keras", " ".join(f"{value:g}" for value in seen))
EOF
{
  node try.mjs 2>/dev/null
  python/bin/python try.py 2>/dev/null
} | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: nearest | TensorFlow.js 0 0 1 1 2 2 3 3
seen: bilinear | TensorFlow.js 0 0.5 1 1.5 2 2.5 3 3
seen: bilinear | TensorFlow.js's operation with half pixels 0 0.25 0.75 1.25 1.75 2.25 2.75 3
seen: nearest | Keras 0 0 1 1 2 2 3 3
seen: bilinear | Keras 0 0.25 0.75 1.25 1.75 2.25 2.75 3
EOF
