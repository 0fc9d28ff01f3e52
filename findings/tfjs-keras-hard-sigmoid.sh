#!/usr/bin/env bash
# TensorFlow.js 4.22.0 and Keras 3.15.1: hard sigmoid is another function in each.
#
# In TensorFlow.js, as in Keras 2, it is 0.2 x + 0.5 between 0 and 1; in Keras 3 it is x / 6 + 0.5. It is TensorFlow.js's default for the gates of lstm
# and gru, so that it stands in many models; one that is trained on one side and run on the other computes with other gates, by up to 0.08 each, under the
# same name in its configuration.
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
const model = tf.sequential({ layers: [tf.layers.activation({ activation: "hardSigmoid", inputShape: [5] })] });
const seen = model.predict(tf.tensor([[-2.5, -1, 0, 1, 2.5]])).dataSync();
console.log("seen: hard sigmoid of -2.5 -1 0 1 2.5 | TensorFlow.js", [...seen].map((x) => x.toFixed(3)).join(" "));
console.log("seen: gates of lstm and gru by default |", tf.layers.lstm({ units: 1 }).getConfig().recurrentActivation, tf.layers.gru({ units: 1 }).getConfig().recurrentActivation);
EOF
cat >try.py <<'EOF'
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

seen = np.array(keras.activations.hard_sigmoid(np.array([-2.5, -1, 0, 1, 2.5], "float32")))
print("seen: hard sigmoid of -2.5 -1 0 1 2.5 | Keras", " ".join(f"{value:.3f}" for value in seen))
EOF
{
  node try.mjs 2>/dev/null
  python/bin/python try.py 2>/dev/null
} | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: hard sigmoid of -2.5 -1 0 1 2.5 | TensorFlow.js 0.000 0.300 0.500 0.700 1.000
seen: gates of lstm and gru by default | hardSigmoid hardSigmoid
seen: hard sigmoid of -2.5 -1 0 1 2.5 | Keras 0.083 0.333 0.500 0.667 0.917
EOF
