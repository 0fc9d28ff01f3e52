#!/usr/bin/env bash
# optax 0.2.8: the triplet loss is that of a distance only for even norm degrees: for 1 it adds up signed differences, for 3 it is NaN.
#
# triplet_margin_loss takes norm_degree, "the norm degree for distance calculation", as torch.nn.TripletMarginLoss takes p, and raises the differences to it
# without their absolute values. For 1 the distance of (1, -1) to the origin is 0 instead of 2, and that to a negative example can be below 0: examples far
# apart count as one place, and the loss is 0 where there is all to learn. For 3 a negative sum has no cube root as a float power. Only 2, the
# default, and other even numbers give the distances they name.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import numpy as np
from optax.losses import triplet_margin_loss

anchors = np.array([[0, 0], [0, 0], [1, 2], [0, 0]], "float32")
positives = np.array([[1, -1], [3, 1], [1.5, 1], [-2, -2]], "float32")
negatives = np.array([[2, 2], [2, -2], [0, 2], [3, 3]], "float32")
show = lambda values: " ".join(f"{value:.3f}" for value in np.ravel(values))


def by_hand(degree):
    distance = lambda a, b: (abs(a.astype("float64") - b) ** degree).sum(-1) ** (1 / degree)
    return np.maximum(distance(anchors, positives) - distance(anchors, negatives) + 1, 0)


for degree in [1, 2, 3, 4]:
    loss = lambda a: triplet_margin_loss(jnp.array(a), jnp.array(positives), jnp.array(negatives), norm_degree=degree)
    gradient = jax.grad(lambda a: loss(a).sum())(anchors)
    print(f"seen: norm degree {degree} | by hand {show(by_hand(degree))} | optax {show(loss(anchors))} | its gradient finite {bool(np.isfinite(gradient).all())}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: norm degree 1 | by hand 0.000 1.000 1.500 0.000 | optax 5.000 0.000 0.500 11.000 | its gradient finite True
seen: norm degree 2 | by hand 0.000 1.334 1.118 0.000 | optax 0.000 1.334 1.118 0.000 | its gradient finite True
seen: norm degree 3 | by hand 0.000 1.517 1.040 0.000 | optax nan nan 0.956 nan | its gradient finite False
seen: norm degree 4 | by hand 0.000 1.631 1.015 0.000 | optax 0.000 1.631 1.015 0.000 | its gradient finite True
EOF
