#!/usr/bin/env bash
# ngc-learn 3.2.3: the Kullback-Leibler divergence of two normal distributions has the distance of their means in it twice.
#
# measure_gaussian_KLD gives 1 for N(0, 1) and N(1, 1), whose divergence is 1/2, and is right where the means are the same. Its docstring's formula has
# that term once. Whoever compares a learnt code with a prior finds the means weigh double against the variances.
# Of the package only the file with the metrics is loaded: the whole asks for a newer Python.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 numpy==2.4.6 scikit-learn==1.8.0
python/bin/pip install --quiet --disable-pip-version-check --no-deps ngcsimlib==3.1.1
python/bin/pip install --quiet --disable-pip-version-check --no-deps --target package ngclearn==3.2.3
cat >try.py <<'EOF'
import runpy

import jax.numpy as jnp

metrics = runpy.run_path("package/ngclearn/utils/metric_utils.py")
divergence = metrics["measure_gaussian_KLD"]
one = jnp.ones((1, 1))


def right(mean, variance, other_mean, other_variance):
    return 0.5 * (jnp.log(other_variance / variance) + (variance + (other_mean - mean) ** 2) / other_variance - 1)


for case in [(0.0, 1.0, 0.0, 1.0), (0.0, 1.0, 0.0, 4.0), (0.0, 1.0, 1.0, 1.0), (0.0, 1.0, 3.0, 4.0)]:
    mean, variance, other_mean, other_variance = case
    given = divergence(mean * one, variance * one, other_mean * one, other_variance * one)
    print("seen: N(%g, %g) and N(%g, %g): divergence" % case, "%.4f" % right(*case), "| given", "%.4f" % given.item())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: N(0, 1) and N(0, 1): divergence 0.0000 | given 0.0000
seen: N(0, 1) and N(0, 4): divergence 0.3181 | given 0.3181
seen: N(0, 1) and N(1, 1): divergence 0.5000 | given 1.0000
seen: N(0, 1) and N(3, 4): divergence 1.4431 | given 2.5681
EOF
