#!/usr/bin/env bash
# Flax 0.12.8, JAX 0.10.2: normalising values that lie around 10,000 gives hundreds instead of 1.
#
# The variance is taken as the mean of squares less the square of the mean, in float32: for 10,000 and 10,002 that is 0, and what is divided by
# is the root of epsilon alone. BatchNorm gives -316 and 316 for -1 and 1, nnx.LayerNorm and jax.nn.standardize likewise. jnp.var of the
# same values is right, and so is Equinox. Inputs without centring (sensor values, years, sums) are enough; Flax has use_fast_variance=False.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 equinox==0.13.8
cat >try.py <<'EOF'
import equinox
import flax.linen as linen
import jax
import jax.numpy as jnp
from flax import nnx

show = lambda values: " ".join(f"{float(value):.2f}" for value in values.ravel())
pair, four = jnp.array([[1e4], [1e4 + 2]]), jnp.array([[1.0, 2, 3, 4]]) + 1e4
for fast in [True, False]:
    norm = linen.BatchNorm(use_running_average=False, use_fast_variance=fast)
    outputs, _ = norm.apply(norm.init(jax.random.key(0), pair), pair, mutable=["batch_stats"])
    print("seen: linen.BatchNorm, use_fast_variance", fast, "|", show(outputs))
    print("seen: nnx.LayerNorm, use_fast_variance", fast, "|", show(nnx.LayerNorm(4, use_fast_variance=fast, rngs=nnx.Rngs(0))(four)))
print("seen: jax.nn.standardize |", show(jax.nn.standardize(four)))
print("seen: variance by jnp.var |", show(jnp.var(four)))
print("seen: equinox.nn.LayerNorm |", show(equinox.nn.LayerNorm(4)(four[0])))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: linen.BatchNorm, use_fast_variance True | -316.23 316.23
seen: nnx.LayerNorm, use_fast_variance True | -1500.00 -500.00 500.00 1500.00
seen: linen.BatchNorm, use_fast_variance False | -1.00 1.00
seen: nnx.LayerNorm, use_fast_variance False | -1.34 -0.45 0.45 1.34
seen: jax.nn.standardize | -474.34 -158.11 158.11 474.34
seen: variance by jnp.var | 1.25
seen: equinox.nn.LayerNorm | -1.34 -0.45 0.45 1.34
EOF
