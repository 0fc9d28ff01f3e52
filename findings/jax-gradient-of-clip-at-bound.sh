#!/usr/bin/env bash
# JAX 0.10.2: what is clipped to [0, 1] has three different gradients at the bounds, by the function that clips.
#
# jnp.clip halves the gradient of a value that lies on a bound, jax.lax.clamp and relu6 take it away, jax.nn.hard_tanh lets it through. Values on
# a bound are usual: most pixels of an MNIST image are exactly 0, so that an attack which clips its images inside of what it differentiates sees
# half the gradient at these, or none, or all of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp

for name, clipped in {
    "jnp.clip": lambda x: jnp.clip(x, 0.0, 1.0),
    "jax.lax.clamp": lambda x: jax.lax.clamp(0.0, x, 1.0),
    "jax.nn.relu6": lambda x: jax.nn.relu6(6 * x) / 6,
    "jax.nn.hard_tanh": lambda x: (jax.nn.hard_tanh(2 * x - 1) + 1) / 2,
}.items():
    print("seen:", name, jax.vmap(jax.grad(clipped))(jnp.array([0.0, 0.5, 1.0])).tolist())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: jnp.clip [0.5, 1.0, 0.5]
seen: jax.lax.clamp [0.0, 1.0, 0.0]
seen: jax.nn.relu6 [0.0, 1.0, 0.0]
seen: jax.nn.hard_tanh [1.0, 1.0, 1.0]
EOF
