#!/usr/bin/env bash
# Keras 3.15.1: weight_decay of optimizers.Lamb is no part of what the trust ratio scales; in LAMB's paper and in optax it is.
#
# LAMB (You et al. 2020) adds the decay to Adam's direction and then scales the sum to the weights' length. Keras multiplies the weights by 1 - rate x decay
# and steps by the scaled direction without it. A layer whose gradient is 0 keeps moving by the decay in the paper, by its rate times its length, and hardly
# in Keras; after 30 steps from the same gradients the two have other weights. Without decay both are the paper's. A decay tuned in optax is another one
# here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax.numpy as jnp
import keras
import numpy as np
import optax

rate, beta1, beta2, epsilon = 0.01, 0.9, 0.999, 1e-6
start = np.array([1.0, -2.0, 0.5, 3.0])
draw = np.random.default_rng(0)
gradients = [draw.normal(size=4) * [1, 0.1, 3, 0.5] for _ in range(30)]


def paper(decay, gradients):
    """LAMB as in its paper, float64."""
    w, m, v = start.copy(), 0, 0
    for t, g in enumerate(gradients, 1):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        u = m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon) + decay * w
        length = np.linalg.norm(u)
        w = w - rate * (np.linalg.norm(w) / length if length > 0 else 1) * u
    return w


def by_keras(decay, gradients):
    variable = keras.Variable(start.astype("float32"))
    optimizer = keras.optimizers.Lamb(rate, beta1, beta2, epsilon, weight_decay=decay)
    for g in gradients:
        optimizer.apply_gradients([(keras.ops.convert_to_tensor(g.astype("float32")), variable)])
    return np.asarray(variable.value)


def by_optax(decay, gradients):
    optimizer = optax.lamb(rate, beta1, beta2, epsilon, weight_decay=decay)
    w = jnp.array(start, "float32")
    state = optimizer.init(w)
    for g in gradients:
        updates, state = optimizer.update(jnp.array(g, "float32"), state, w)
        w = optax.apply_updates(w, updates)
    return np.asarray(w)


show = lambda w: " ".join(f"{value:.3f}" for value in w)
for name, steps in {"30 steps": gradients, "30 steps of gradients 0": [np.zeros(4)] * 30}.items():
    for decay in [0.0, 0.1]:
        print("seen:", name, "| decay", decay, "| paper", show(paper(decay, steps)), "| optax", show(by_optax(decay, steps)), "| Keras", show(by_keras(decay, steps)))
EOF
KERAS_BACKEND=jax python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 30 steps | decay 0.0 | paper 1.382 -2.152 0.246 2.415 | optax 1.382 -2.152 0.246 2.415 | Keras 1.382 -2.152 0.246 2.415
seen: 30 steps | decay 0.1 | paper 1.141 -1.840 0.288 2.207 | optax 1.141 -1.840 0.288 2.207 | Keras 1.341 -2.088 0.239 2.344
seen: 30 steps of gradients 0 | decay 0.0 | paper 1.000 -2.000 0.500 3.000 | optax 1.000 -2.000 0.500 3.000 | Keras 1.000 -2.000 0.500 3.000
seen: 30 steps of gradients 0 | decay 0.1 | paper 0.740 -1.479 0.370 2.219 | optax 0.740 -1.479 0.370 2.219 | Keras 0.970 -1.941 0.485 2.911
EOF
