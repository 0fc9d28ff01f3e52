#!/usr/bin/env bash
# ngc-learn 3.2.3: its two initializers by fan-in take different axes for it.
#
# Weights are of shape [inputs, outputs] there. fan_in_gaussian draws with the variance 1 / inputs; fan_in_uniform draws from ±sqrt(1 / outputs), by its
# docstring sqrt(1 / fan_in). So a layer of 784 inputs and 10 outputs begins nearly nine times as large, and one of 10 inputs and 784 outputs as much
# smaller, than whoever chose the fan-in expects.
# Of the package only the file with the distributions is loaded: the whole asks for a newer Python.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 numpy==2.4.6 typing_extensions==4.15.0
python/bin/pip install --quiet --disable-pip-version-check --no-deps ngcsimlib==3.1.1
python/bin/pip install --quiet --disable-pip-version-check --no-deps --target package ngclearn==3.2.3
cat >try.py <<'EOF'
import runpy

import jax

made = runpy.run_path("package/ngclearn/utils/distribution_generator.py")["DistributionGenerator"]
for shape in [(784, 10), (10, 784), (100, 100)]:
    uniform = made.fan_in_uniform()(shape, jax.random.PRNGKey(0))
    gaussian = made.fan_in_gaussian()(shape, jax.random.PRNGKey(0))
    inputs, outputs = shape
    # Largest of a uniform distribution and standard deviation of a normal one, as parts of sqrt(1 / inputs).
    print("seen:", inputs, "inputs,", outputs, "outputs: times sqrt(1 / inputs), uniform's bound", "%.1f" % (abs(uniform).max() * inputs**0.5), end=" ")
    print("| normal's deviation", "%.1f" % (gaussian.std() * inputs**0.5))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 784 inputs, 10 outputs: times sqrt(1 / inputs), uniform's bound 8.9 | normal's deviation 1.0
seen: 10 inputs, 784 outputs: times sqrt(1 / inputs), uniform's bound 0.1 | normal's deviation 1.0
seen: 100 inputs, 100 outputs: times sqrt(1 / inputs), uniform's bound 1.0 | normal's deviation 1.0
EOF
