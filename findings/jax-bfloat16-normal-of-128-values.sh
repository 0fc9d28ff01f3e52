#!/usr/bin/env bash
# JAX 0.10.2: jax.random.normal in bfloat16 has 128 different values, and none above 2.52.
#
# It is made from a uniform number of the same type, which has 7 random bits, where float32 numbers rounded to bfloat16 (which is what PyTorch
# draws) have thousands of values and tails. float16 has 1024. Flax's layers with param_dtype=bfloat16 begin with such kernels: a layer of 262,144
# weights has 128 different ones.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import numpy as np
from flax import nnx

key = jax.random.key(0)
for name, array in {
    "normal in bfloat16": jax.random.normal(key, (1_000_000,), jnp.bfloat16),
    "normal in float16": jax.random.normal(key, (1_000_000,), jnp.float16),
    "float32 rounded to bfloat16": jax.random.normal(key, (1_000_000,)).astype(jnp.bfloat16),
    "kernel of nnx.Linear": nnx.Linear(512, 512, param_dtype=jnp.bfloat16, rngs=nnx.Rngs(0)).kernel[...],
}.items():
    values = np.unique(np.asarray(array, "float32"))
    print("seen:", name, values.size if values.size <= 1024 else "thousands", f"from {values.min():.2f} to {values.max():.2f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: normal in bfloat16 128 from -2.89 to 2.52
seen: normal in float16 1024 from -3.49 to 3.18
seen: float32 rounded to bfloat16 thousands from -4.66 to 4.53
seen: kernel of nnx.Linear 128 from -0.10 to 0.09
EOF
