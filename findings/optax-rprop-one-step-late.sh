#!/usr/bin/env bash
# optax 0.2.8: optax.rprop hands out the step of the call before, and drops one when the gradient's sign changes.
#
# Gradients 1, 1, -1, -1, -1 with a first step of 0.1. Rprop (Riedmiller 1993, Igel's version without backtracking, torch.optim.Rprop) moves by
# -0.1, -0.12, 0 (the sign has changed, the step is halved), 0.06, 0.072. optax moves by 0, -0.1, 0, 0, 0.06: the first call moves nothing, each
# later one what its predecessor should have, and the -0.12 never comes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8
cat >try.py <<'EOF'
import jax.numpy as jnp
import optax

rprop = optax.rprop(0.1)
state = rprop.init(jnp.zeros(1))
moves = []
for gradient in [1.0, 1.0, -1.0, -1.0, -1.0]:
    updates, state = rprop.update(jnp.array([gradient]), state)
    moves.append(f"{float(updates[0]) + 0:.3g}")
print("seen:", *moves)
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 0 -0.1 0 0 0.06
EOF
