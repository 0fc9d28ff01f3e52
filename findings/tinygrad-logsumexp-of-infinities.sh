#!/usr/bin/env bash
# tinygrad 0.14.0: logsumexp is NaN where its largest number is an infinity; in PyTorch and JAX it is the limit.
#
# The largest value is taken off first, and infinity less infinity is NaN: logsumexp of (-inf, -inf) is NaN, not -inf, of (inf, 1) NaN, not inf. Logits
# masked by -inf are safe only while one of a row is left.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tinygrad==0.14.0 jax==0.10.2 numpy==2.4.6
cat >try.py <<'EOF'
import os

os.environ["DEV"] = "PYTHON"  # tinygrad's own interpreter: needs no compiler
import jax
import jax.numpy as jnp
from tinygrad import Tensor

inf = float("inf")
for values in [[-inf, -inf], [inf, 1.0], [-inf, 1.0]]:
    print("seen: logsumexp of", *values, "| tinygrad", Tensor(values).logsumexp().item(), "| JAX", jax.nn.logsumexp(jnp.array(values)).item())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: logsumexp of -inf -inf | tinygrad nan | JAX -inf
seen: logsumexp of inf 1.0 | tinygrad nan | JAX inf
seen: logsumexp of -inf 1.0 | tinygrad 1.0 | JAX 1.0
EOF
