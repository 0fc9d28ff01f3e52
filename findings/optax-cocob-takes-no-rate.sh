#!/usr/bin/env bash
# optax 0.2.8: the learning rate of optax.contrib.cocob has no effect: a thousandth and a thousand take the same steps.
#
# It multiplies the gradients before COCOB sees them, and COCOB is made not to depend on their size: it divides by their largest and their sum. So
# whatever constant is given, the weights are the same but for rounding. The documentation calls it an "optional learning rate to e.g. inject some
# scheduler"; all that a schedule does is that some gradients count less in the sums. optax.contrib.dog and dowg have such an argument too, and multiply
# the step by it.
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
from optax.contrib import cocob, dog, dowg


def moved(optimizer):
    """How far two weights have gone after 20 steps."""
    start = jnp.array([3.0, -2.0])
    step = jax.jit(optimizer.update)
    w, state = start, optimizer.init(start)
    for _ in range(20):
        updates, state = step(jnp.sign(w - 1) * jnp.array([1.0, 0.3]), state, w)
        w = optax.apply_updates(w, updates)
    return " ".join(f"{value:.3g}" for value in (w - start).tolist())


makers = {"cocob": cocob, "dog": lambda rate: dog(rate, ("distance", 0.01)), "dowg": lambda rate: dowg(rate, 0.01)}
for name, make in makers.items():
    print(f"seen: {name} |", " | ".join(f"rate {rate}: {moved(make(rate))}" for rate in [1.0, 0.1, 0.001, 1000.0] if name == "cocob" or rate <= 1))
EOF
JAX_PLATFORMS=cpu python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cocob | rate 1.0: -1.19 1.19 | rate 0.1: -1.19 1.19 | rate 0.001: -1.19 1.19 | rate 1000.0: -1.19 1.19
seen: dog | rate 1.0: -1.62 0.764 | rate 0.1: -0.00727 0.00218 | rate 0.001: -7.22e-05 2.19e-05
seen: dowg | rate 1.0: -3.13 2.96 | rate 0.1: -0.0727 0.0218 | rate 0.001: -0.000727 0.000218
EOF
