#!/usr/bin/env bash
# MLX 0.32.4, processor: the mean of 1,000 float16 numbers of 100 is inf, and that of two int32 numbers of two thousand million is negative.
#
# mean adds up in the type of its inputs, float16 up to 65,504 and int32 up to 2,147,483,647, and divides then. NumPy and JAX add wider and give 100 and
# 2e9. In MLX var, std and nn.losses with reduction "mean" go the same way, so that a network in float16 has a loss of inf for a batch of 1,000 errors of
# 10, and counts, times in seconds and labels that are numbers have wrong means. Cast to float32 first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" jax==0.10.2 numpy==2.4.6
cat >try.py <<'EOF'
import jax.numpy as jnp
import mlx.core as mx
import mlx.nn as nn
import numpy as np

cases = {
    "300 of 100, float16": np.full(300, 100, "float16"),
    "1,000 of 100, float16": np.full(1000, 100, "float16"),
    "two of 2e9, int32": np.full(2, 2_000_000_000, "int32"),
}
for name, values in cases.items():
    array = mx.array(values)
    wide = values.astype("float64")
    print("seen: mean of", name, f"| right {wide.mean():g} | NumPy {values.mean():g} | JAX {float(jnp.mean(values)):g} | MLX {mx.mean(array).item():g} | MLX's standard deviation {mx.std(array).item():g}")
errors = mx.full(1000, 10, dtype=mx.float16)
for reduction in ["none", "mean"]:
    loss = nn.losses.mse_loss(errors, mx.zeros(1000, dtype=mx.float16), reduction=reduction)
    print("seen: mse_loss of 1,000 errors of 10, float16, reduction", reduction, f"| {mx.max(loss).item():g}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: mean of 300 of 100, float16 | right 100 | NumPy 100 | JAX 100 | MLX 100 | MLX's standard deviation 0
seen: mean of 1,000 of 100, float16 | right 100 | NumPy 100 | JAX 100 | MLX inf | MLX's standard deviation inf
seen: mean of two of 2e9, int32 | right 2e+09 | NumPy 2e+09 | JAX 2e+09 | MLX -1.47484e+08 | MLX's standard deviation 2.14748e+09
seen: mse_loss of 1,000 errors of 10, float16, reduction none | 100
seen: mse_loss of 1,000 errors of 10, float16, reduction mean | inf
EOF
