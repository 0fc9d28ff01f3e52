#!/usr/bin/env bash
# TensorFlow.js 4.22.0 and Keras 3.15.1: heNormal, leCunNormal and glorotNormal draw weights with three quarters of the variance that they state.
#
# All three cut a normal distribution at two deviations, which takes 23 % of its variance. Keras makes up for that, as JAX does; TensorFlow.js does not. A relu
# network of ten layers so begins with signals of 0.77 to the tenth, 8 %, of Keras's variance. Of a vector, as PReLU's slopes are, the bounds differ as well:
# TensorFlow.js takes the root of its length for the fans.
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
const variance = (x) => tf.moments(x).variance.dataSync()[0];
const { heNormal, leCunNormal, glorotNormal, glorotUniform } = tf.initializers;
const stated = { heNormal: [heNormal, 2 / 400], leCunNormal: [leCunNormal, 1 / 400], glorotNormal: [glorotNormal, 2 / 1000] };
for (const [name, [initializer, wanted]] of Object.entries(stated))
  console.log("seen:", name, "| TensorFlow.js", (variance(initializer({ seed: 1 }).apply([400, 600])) / wanted).toFixed(1), "of its variance");
console.log("seen: bound of glorotUniform for a vector of 5000 | TensorFlow.js", tf.max(tf.abs(glorotUniform({ seed: 1 }).apply([5000]))).dataSync()[0].toFixed(2));
EOF
cat >try.py <<'EOF'
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

of = keras.initializers
for name, initializer, stated in [("heNormal", of.HeNormal, 2 / 400), ("leCunNormal", of.LecunNormal, 1 / 400), ("glorotNormal", of.GlorotNormal, 2 / 1000)]:
    print("seen:", name, "| Keras", f"{np.array(initializer(seed=1)((400, 600))).var() / stated:.1f}", "of its variance")
print("seen: bound of glorotUniform for a vector of 5000 | Keras", f"{abs(np.array(of.GlorotUniform(seed=1)((5000,)))).max():.2f}")
EOF
{
  node try.mjs 2>/dev/null
  python/bin/python try.py 2>/dev/null
} | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: heNormal | TensorFlow.js 0.8 of its variance
seen: leCunNormal | TensorFlow.js 0.8 of its variance
seen: glorotNormal | TensorFlow.js 0.8 of its variance
seen: bound of glorotUniform for a vector of 5000 | TensorFlow.js 0.21
seen: heNormal | Keras 1.0 of its variance
seen: leCunNormal | Keras 1.0 of its variance
seen: glorotNormal | Keras 1.0 of its variance
seen: bound of glorotUniform for a vector of 5000 | Keras 0.02
EOF
