#!/usr/bin/env bash
# MLX 0.32.4: nn.init.he_normal and he_uniform draw weights of the variance 1 / inputs; He's is 2 / inputs.
#
# The 2 is in a gain that is 1 unless given, while the docstrings name He's paper, and JAX's initializers of the same names have it. Twenty relu layers so
# begun pass on a millionth of their inputs' power, and of their gradients'. Give gain=sqrt(2). The Glorot ones are as their paper has them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" jax==0.10.2 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import mlx.core as mx
import mlx.nn as nn
import numpy as np

inputs, outputs = 1000, 500
mx.random.seed(0)
for name, variance in {"he_normal": 2 / inputs, "he_uniform": 2 / inputs, "glorot_normal": 2 / (inputs + outputs), "glorot_uniform": 2 / (inputs + outputs)}.items():
    drawn = {"MLX": np.array(getattr(nn.init, name)()(mx.zeros((outputs, inputs))))}
    drawn["JAX"] = np.asarray(getattr(jax.nn.initializers, name)()(jax.random.key(0), (inputs, outputs)))
    print("seen:", name, "| variance, as part of the paper's:", *(f"{library} {array.astype('float64').var() / variance:.2f}" for library, array in drawn.items()))
for gain in [1.0, 2**0.5]:
    x = np.random.default_rng(0).normal(size=(64, 512))
    power = (x**2).mean()
    for _ in range(20):
        x = np.maximum(x @ np.array(nn.init.he_normal()(mx.zeros((512, 512)), gain=gain)).T.astype("float64"), 0)
    print("seen: gain", f"{gain:.2f}", "| power after 20 relu layers, power of ten of its part:", round(float(np.log10((x**2).mean() / power))))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: he_normal | variance, as part of the paper's: MLX 0.50 JAX 1.00
seen: he_uniform | variance, as part of the paper's: MLX 0.50 JAX 1.00
seen: glorot_normal | variance, as part of the paper's: MLX 1.00 JAX 1.00
seen: glorot_uniform | variance, as part of the paper's: MLX 1.00 JAX 1.00
seen: gain 1.00 | power after 20 relu layers, power of ten of its part: -6
seen: gain 1.41 | power after 20 relu layers, power of ten of its part: 0
EOF
