#!/usr/bin/env bash
# Spyx 1.0.0: the loss of spike rates compares a rate with a count, so that it is smallest for neurons that always spike.
#
# mse_spikerate(sparsity=0.25) asks that the target's neuron spike a quarter of the time. It takes the mean over time, at most 1, and compares it with 0.25 times
# the number of steps, 25 for 100 steps. A neuron that does what is asked has a loss of 61, one that spikes at every step a smaller one, and the gradient of
# the rate is about -5 throughout, where it should be 0 at a quarter and positive above. A network trained by it has targets that spike as much as they
# can, whatever sparsity was asked for. Give sparsity / steps.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8 optax==0.2.8 spyx==1.0.0 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import numpy as np
from spyx.fn import mse_spikerate

steps, classes, target = 100, 10, 3
labels = jnp.array([target])


def traces(rate):
    """Spikes of ten neurons, of which the target's has this rate and the others are silent."""
    spikes = np.zeros((1, steps, classes), "float32")
    spikes[0, : round(rate * steps), target] = 1
    return jnp.array(spikes)


def by_hand(spikes, sparsity):
    wanted = np.zeros((1, classes))
    wanted[0, target] = sparsity
    return np.mean((np.asarray(spikes, "float64").mean(1) - wanted) ** 2)


for rate in [0, 0.25, 0.5, 1]:
    spikes = traces(rate)
    slope = jax.grad(mse_spikerate(sparsity=0.25))(spikes, labels)[0, :, target].sum()
    right = 2 * (rate - 0.25) / classes
    print(f"seen: the target's neuron spikes {rate:.0%} of the time, 25% asked | by hand {by_hand(spikes, 0.25):.4f}, gradient of the rate {right:.3f} | Spyx {mse_spikerate(sparsity=0.25)(spikes, labels):.4f}, {slope:.3f} | Spyx, sparsity / steps {mse_spikerate(sparsity=0.25 / steps)(spikes, labels):.4f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: the target's neuron spikes 0% of the time, 25% asked | by hand 0.0063, gradient of the rate -0.050 | Spyx 62.5000, -5.000 | Spyx, sparsity / steps 0.0063
seen: the target's neuron spikes 25% of the time, 25% asked | by hand 0.0000, gradient of the rate 0.000 | Spyx 61.2563, -4.950 | Spyx, sparsity / steps 0.0000
seen: the target's neuron spikes 50% of the time, 25% asked | by hand 0.0063, gradient of the rate 0.050 | Spyx 60.0250, -4.900 | Spyx, sparsity / steps 0.0063
seen: the target's neuron spikes 100% of the time, 25% asked | by hand 0.0563, gradient of the rate 0.150 | Spyx 57.6000, -4.800 | Spyx, sparsity / steps 0.0563
EOF
