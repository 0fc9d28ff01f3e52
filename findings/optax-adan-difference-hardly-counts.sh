#!/usr/bin/env bash
# optax 0.2.8: Adan's difference of gradients counts 0.08 of itself, where the paper and its authors' program count 0.92.
#
# Adan (Xie et al. 2022) adds (1 - β2) times the averaged difference of gradients to their average; its β2 is 0.08. Written by decay rates, as optax and the
# authors' program do, b2 is 1 - β2 = 0.92 and the factor is b2. optax keeps 1 - b2, in the step and in the square it is divided by, so that the
# Nesterov term, which is what sets Adan apart from Adam, is eleven times too weak. The first step has no difference and is right. b2=0.08 doesn't mend
# it, since the average then forgets at another rate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax.numpy as jnp
import numpy as np
import optax

gradients = [1, 2, -1, 0.5, 3, -2]


def by_paper(factor, decays=(0.98, 0.92, 0.99), rate=0.1, epsilon=1e-8):
    """Steps by Algorithm 1 with decay rates 1 - β and bias correction; the difference counts the factor of it."""
    mean = change = square = 0.0
    steps = []
    for number, gradient in enumerate(gradients, 1):
        difference = gradient - gradients[number - 2] if number > 1 else 0.0
        mean = decays[0] * mean + (1 - decays[0]) * gradient
        change = decays[1] * change + (1 - decays[1]) * difference
        square = decays[2] * square + (1 - decays[2]) * (gradient + factor * difference) ** 2
        corrected = [value / (1 - decay**number) for value, decay in zip((mean, change, square), decays)]
        steps.append(-rate * (corrected[0] + factor * corrected[1]) / (np.sqrt(corrected[2]) + epsilon))
    return steps


def given(optimizer):
    weight = jnp.zeros(1)
    state, steps = optimizer.init(weight), []
    for gradient in gradients:
        step, state = optimizer.update(jnp.array([float(gradient)]), state, weight)
        steps.append(step.item())
    return steps


show = lambda steps: " ".join(f"{step:.4f}" for step in steps)
print("seen: Adan for gradients", *gradients, "| by the paper", show(by_paper(0.92)))
print("seen: by the paper, the difference counted 0.08", show(by_paper(0.08)))
print("seen: optax.adan", show(given(optax.adan(0.1))))
print("seen: optax.adan, b2=0.08", show(given(optax.adan(0.1, b2=0.08))))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Adan for gradients 1 2 -1 0.5 3 -2 | by the paper -0.1000 -0.0907 0.0014 -0.0194 -0.0469 0.0001
seen: by the paper, the difference counted 0.08 -0.1000 -0.0946 -0.0392 -0.0450 -0.0612 -0.0261
seen: optax.adan -0.1000 -0.0946 -0.0392 -0.0450 -0.0612 -0.0261
seen: optax.adan, b2=0.08 -0.1000 -0.1078 0.0646 -0.0646 -0.0992 0.0854
EOF
