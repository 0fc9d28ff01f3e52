#!/usr/bin/env bash
# optax 0.2.8: sam(sync_period=1) leaves each step's weights behind: every step starts where the one before started.
#
# With a period of 1, the smallest that it takes ("must be >= 1"), there is no adversarial step, and what is left is the outer optimizer; so it is with
# opaque_mode=True. In the default mode the weights that a step starts from are kept one step too late: the new weights are the ones before the last
# step, plus the step from the gradient of the last. The weights are two runs that take turns, each less than half as fast. With a period of 2 both
# modes agree.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import optax
from optax.contrib import normalize, sam

gradient = jax.grad(lambda w: jnp.sum(w**2) / 2)
ascent = optax.chain(normalize(), optax.sgd(0.05))


def weights(optimizer, calls, **options):
    update = jax.jit(lambda g, state, w: optimizer.update(g, state, w, **options))
    w = jnp.array([1.0])
    state = optimizer.init(w)
    seen = []
    for _ in range(8 * calls):
        updates, state = update(gradient(w), state, w)
        w = optax.apply_updates(w, updates)
        seen.append(float(w[0]))
    return " ".join(f"{value:.3f}" for value in seen[calls - 1 :: calls])


print("seen: sgd |", weights(optax.sgd(0.2), 1))
for period in [1, 2]:
    print(f"seen: sam, period {period}, opaque |", weights(sam(optax.sgd(0.2), ascent, sync_period=period, opaque_mode=True), 1, grad_fn=lambda w, _: gradient(w)))
    print(f"seen: sam, period {period} |", weights(sam(optax.sgd(0.2), ascent, sync_period=period), period))
EOF
JAX_PLATFORMS=cpu python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: sgd | 0.800 0.640 0.512 0.410 0.328 0.262 0.210 0.168
seen: sam, period 1, opaque | 0.800 0.640 0.512 0.410 0.328 0.262 0.210 0.168
seen: sam, period 1 | 0.800 0.840 0.632 0.714 0.489 0.616 0.366 0.543
seen: sam, period 2, opaque | 0.790 0.622 0.488 0.380 0.294 0.225 0.170 0.126
seen: sam, period 2 | 0.790 0.622 0.488 0.380 0.294 0.225 0.170 0.126
EOF
