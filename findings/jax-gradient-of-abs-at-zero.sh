#!/usr/bin/env bash
# JAX 0.10.2: the gradient of abs at 0 is 1, not 0.
#
# PyTorch, TensorFlow and TensorFlow.js give sign(0) = 0, and so does jnp.sign. In JAX an L1 penalty moves weights that are 0, as biases are at
# first, and only downwards: pruned weights don't stay pruned. The mean absolute error of exact predictions has a gradient, too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import optax

print("seen: abs", float(jax.grad(jnp.abs)(0.0)), "sign", float(jnp.sign(0.0)))
exact = jnp.array([1.0, 2.0])
print("seen: mean absolute error", jax.grad(lambda outputs: jnp.abs(outputs - exact).mean())(exact).tolist())
weights, sgd = jnp.zeros(2), optax.sgd(0.5)
updates, _ = sgd.update(jax.grad(lambda w: jnp.abs(w).sum())(weights), sgd.init(weights))
print("seen: zeros after a step on an L1 penalty", optax.apply_updates(weights, updates).tolist())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: abs 1.0 sign 0.0
seen: mean absolute error [0.5, 0.5]
seen: zeros after a step on an L1 penalty [-0.5, -0.5]
EOF
