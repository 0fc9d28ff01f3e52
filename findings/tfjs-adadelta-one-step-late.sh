#!/usr/bin/env bash
# TensorFlow.js 4.22.0: adadelta divides by the gradients before this one, so that its first step is the rate times the whole gradient.
#
# The accumulated squares are brought up to date, but the step is taken with what they were: with zeros at first. Where Keras (and Zeiler's paper) moves a
# weight with gradient 3 by 0.0014 at the usual rate of 1, TensorFlow.js moves it by 3, and a gradient that suddenly grows is never held back in the step
# that it comes in. Networks diverge at the rate the paper has; TensorFlow.js's own default, 0.001, hides it.
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
const weight = tf.scalar(0).variable();
const adadelta = tf.train.adadelta(1, 0.95, 1e-7);
const seen = [3, 3, 3, 300, 3].map((gradient) => {
  const before = weight.dataSync()[0];
  adadelta.applyGradients({ [weight.name]: tf.scalar(gradient) });
  return (before - weight.dataSync()[0]).toPrecision(2);
});
console.log("seen: steps by gradients 3 3 3 300 3 | TensorFlow.js", seen.join(" "));
EOF
cat >try.py <<'EOF'
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

weight = keras.Variable(0.0)
adadelta = keras.optimizers.Adadelta(1.0, rho=0.95, epsilon=1e-7)
seen = []
for gradient in [3.0, 3.0, 3.0, 300.0, 3.0]:
    before = float(weight.value)
    adadelta.apply([np.float32(gradient)], [weight])
    seen.append(f"{before - float(weight.value):.2g}")
print("seen: steps by gradients 3 3 3 300 3 | Keras", " ".join(seen))
EOF
{
  node try.mjs 2>/dev/null
  python/bin/python try.py 2>/dev/null
} | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: steps by gradients 3 3 3 300 3 | TensorFlow.js 3.0 3.0 3.0 3.0e+2 3.0
seen: steps by gradients 3 3 3 300 3 | Keras 0.0014 0.0014 0.0014 0.0028 4e-05
EOF
