#!/usr/bin/env bash
# optax 0.2.8: reduce_on_plateau never reduces the rate of a run whose loss is below 0 and stands still, or slowly gets worse.
#
# By default a value is an improvement if it is below (1 - 0.0001) times the best one. Of a negative best that is a larger number: after -1, all below
# -0.9999 is an improvement, -1 again too. So a negative log-likelihood of densities, a reward or a similarity with its sign turned round has no
# plateau: the rate stays what it was, and the best value that is kept follows the loss upwards. The same losses plus 2 reduce the rate as documented.
# PyTorch's ReduceLROnPlateau compares in the same way. Take atol with rtol=0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
from optax.contrib import reduce_on_plateau

losses = {
    "standing still": [0.0] * 40,
    "getting worse by 0.00005 a step": [0.00005 * step for step in range(40)],
    "getting better by 0.01 a step": [-0.01 * step for step in range(40)],
}
for name, changes in losses.items():
    for start in [1.0, -1.0]:
        for how, options in {"by default": {}, "rtol=0, atol=0.0001": {"rtol": 0.0, "atol": 1e-4}}.items():
            plateau = reduce_on_plateau(factor=0.5, patience=10, **options)
            update = jax.jit(plateau.update)
            state = plateau.init(jnp.zeros(1))
            for change in changes:
                _, state = update(jnp.ones(1), state, value=start + change)
            print(f"seen: from {start:.0f}, {name}, {how} | the rate is multiplied by {state.scale:.4g} | best {state.best_value:.4f}, in truth {start + min(changes):.4f}")
EOF
JAX_PLATFORMS=cpu python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: from 1, standing still, by default | the rate is multiplied by 0.125 | best 1.0000, in truth 1.0000
seen: from 1, standing still, rtol=0, atol=0.0001 | the rate is multiplied by 0.125 | best 1.0000, in truth 1.0000
seen: from -1, standing still, by default | the rate is multiplied by 1 | best -1.0000, in truth -1.0000
seen: from -1, standing still, rtol=0, atol=0.0001 | the rate is multiplied by 0.125 | best -1.0000, in truth -1.0000
seen: from 1, getting worse by 0.00005 a step, by default | the rate is multiplied by 0.125 | best 1.0000, in truth 1.0000
seen: from 1, getting worse by 0.00005 a step, rtol=0, atol=0.0001 | the rate is multiplied by 0.125 | best 1.0000, in truth 1.0000
seen: from -1, getting worse by 0.00005 a step, by default | the rate is multiplied by 1 | best -0.9980, in truth -1.0000
seen: from -1, getting worse by 0.00005 a step, rtol=0, atol=0.0001 | the rate is multiplied by 0.125 | best -1.0000, in truth -1.0000
seen: from 1, getting better by 0.01 a step, by default | the rate is multiplied by 1 | best 0.6100, in truth 0.6100
seen: from 1, getting better by 0.01 a step, rtol=0, atol=0.0001 | the rate is multiplied by 1 | best 0.6100, in truth 0.6100
seen: from -1, getting better by 0.01 a step, by default | the rate is multiplied by 1 | best -1.3900, in truth -1.3900
seen: from -1, getting better by 0.01 a step, rtol=0, atol=0.0001 | the rate is multiplied by 1 | best -1.3900, in truth -1.3900
EOF
