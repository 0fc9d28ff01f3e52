#!/usr/bin/env bash
# MLX 0.32.4, tinygrad 0.14.0: sign(NaN) is 0 in the one and 1 in the other; in NumPy, PyTorch and JAX it is NaN.
#
# Rules that send no more than signs (sign symmetry, direct feedback of the error's sign) and optimizers like Lion so make something ordinary of an
# error that is NaN: nothing is learnt, or everything is pushed one way, and no loss, norm or NaN check further on shows it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check "mlx[cpu]==0.32.4" tinygrad==0.14.0 numpy==2.4.6
cat >try.py <<'EOF'
import os

os.environ["DEV"] = "PYTHON"  # tinygrad's own interpreter: needs no compiler
import mlx.core as mx
import mlx.optimizers as optim
import numpy as np
from tinygrad import Tensor

values = [float("nan"), -2.0, 0.0, 3.0]
print("seen: NumPy", np.sign(np.array(values, np.float32)).tolist())
print("seen: MLX", mx.sign(mx.array(values)).tolist())
print("seen: tinygrad", Tensor(values).sign().tolist())
lion = optim.Lion(0.1)
weights = {"w": mx.array([1.0, 1.0])}
for _ in range(2):
    weights = lion.apply_gradients({"w": mx.array([float("nan"), 1.0])}, weights)
print("seen: MLX's Lion after two steps, the first gradient NaN:", [round(value, 3) for value in weights["w"].tolist()])
EOF
python/bin/python try.py | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: NumPy [nan, -1.0, 0.0, 1.0]
seen: MLX [0.0, -1.0, 0.0, 1.0]
seen: tinygrad [1.0, -1.0, 0.0, 1.0]
seen: MLX's Lion after two steps, the first gradient NaN: [1.0, 0.8]
EOF
