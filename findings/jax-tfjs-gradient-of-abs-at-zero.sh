#!/usr/bin/env bash
# JAX 0.10.2, TensorFlow.js 4.22.0: the gradient of abs at 0 is 1 in the one and -1 in the other, and not 0.
#
# PyTorch and TensorFlow give sign(0) = 0, which is what both libraries' own sign gives there. So an L1 penalty moves weights that are 0, as
# biases are at first and pruned weights should stay: downwards in JAX, upwards in TensorFlow.js, whose regularizers.l1 does it too. The mean
# absolute error of exact predictions has a gradient as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import optax

print("seen: JAX: abs", float(jax.grad(jnp.abs)(0.0)), "sign", float(jnp.sign(0.0)))
exact = jnp.array([1.0, 2.0])
print("seen: JAX: mean absolute error", jax.grad(lambda outputs: jnp.abs(outputs - exact).mean())(exact).tolist())
weights, sgd = jnp.zeros(2), optax.sgd(0.5)
updates, _ = sgd.update(jax.grad(lambda w: jnp.abs(w).sum())(weights), sgd.init(weights))
print("seen: JAX: zeros after a step on an L1 penalty", optax.apply_updates(weights, updates).tolist())
EOF
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
const zero = tf.scalar(0);
console.log("seen: TensorFlow.js: abs", tf.grad(tf.abs)(zero).dataSync()[0], "sign", tf.sign(zero).dataSync()[0]);
const zeros = { kernelInitializer: "zeros", useBias: false };
const layer = tf.layers.dense({ units: 2, inputShape: [1], ...zeros, kernelRegularizer: tf.regularizers.l1({ l1: 1 }) });
const model = tf.sequential({ layers: [layer] });
model.compile({ optimizer: tf.train.sgd(0.5), loss: "meanSquaredError" });
await model.fit(tf.zeros([4, 1]), tf.zeros([4, 2]), { epochs: 1, verbose: 0 });
console.log("seen: TensorFlow.js: zeros after a step on an L1 penalty", [...layer.getWeights()[0].dataSync()].join(" "));
EOF
{ python/bin/python try.py 2>/dev/null && node try.mjs 2>/dev/null; } | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: JAX: abs 1.0 sign 0.0
seen: JAX: mean absolute error [0.5, 0.5]
seen: JAX: zeros after a step on an L1 penalty [-0.5, -0.5]
seen: TensorFlow.js: abs -1 sign 0
seen: TensorFlow.js: zeros after a step on an L1 penalty 0.5 0.5
EOF
