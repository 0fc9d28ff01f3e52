#!/usr/bin/env bash
# optax 0.2.8: Prodigy and D-Adaptation make NaN of all weights if their schedule begins at 0, as a warmup does.
#
# optax.contrib.prodigy and dadapt_adamw estimate the rate as a quotient, whose numerator and denominator are sums over gradients times the rate. Where
# the schedule begins at 0, as a warmup usually does, both are 0 at the first step, their quotient is NaN, and the larger of NaN and the estimate so far
# is NaN for good. dadapt_adamw's documentation recommends a warmup. Prodigy's weights are lost at once, D-Adaptation's one step later. With the same
# schedule adam, DoG and Mechanic merely begin one step later, and the program of Prodigy's authors takes no step while the denominator is 0. Begin the
# schedule above 0.
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


def weights(optimizer, steps):
    """Weights that start at 3 and -2, and whose loss is smallest at 1 and 1."""
    step = jax.jit(optimizer.update)
    w = jnp.array([3.0, -2.0])
    state = optimizer.init(w)
    for _ in range(steps):
        updates, state = step(2 * (w - 1), state, w)
        w = optax.apply_updates(w, updates)
    return " ".join(f"{value:.3f}" for value in w.tolist())


makers = {
    "adam": lambda schedule: optax.adam(schedule),
    "dog": lambda schedule: optax.contrib.dog(schedule),
    "mechanize(adam)": lambda schedule: optax.contrib.mechanize(optax.adam(schedule)),
    "prodigy": lambda schedule: optax.contrib.prodigy(schedule),
    "dadapt_adamw": lambda schedule: optax.contrib.dadapt_adamw(schedule),
}
for name, make in makers.items():
    for first in [0.0, 0.001]:
        schedule = optax.warmup_cosine_decay_schedule(first, 1.0, 10, 100)
        print(f"seen: {name}, warmup from {first} | after 1 step", weights(make(schedule), 1), "| after 2", weights(make(schedule), 2))
EOF
JAX_PLATFORMS=cpu python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: adam, warmup from 0.0 | after 1 step 3.000 -2.000 | after 2 2.900 -1.900
seen: adam, warmup from 0.001 | after 1 step 2.999 -1.999 | after 2 2.898 -1.898
seen: dog, warmup from 0.0 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
seen: dog, warmup from 0.001 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
seen: mechanize(adam), warmup from 0.0 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
seen: mechanize(adam), warmup from 0.001 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
seen: prodigy, warmup from 0.0 | after 1 step nan nan | after 2 nan nan
seen: prodigy, warmup from 0.001 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
seen: dadapt_adamw, warmup from 0.0 | after 1 step 3.000 -2.000 | after 2 nan nan
seen: dadapt_adamw, warmup from 0.001 | after 1 step 3.000 -2.000 | after 2 3.000 -2.000
EOF
