#!/usr/bin/env bash
# BioTorch 0.0.16: the alignment it reports for frSF is that of a matrix errors never pass through.
#
# Fixed random magnitudes, the weights' signs: errors go back through |B| ∘ sign(W), whose angle to W is about 40°, read here from the gradients
# themselves. The reported angle is that of |B|, without signs: about 90°, as if nothing were aligned. For uSF and brSF what is reported is what
# is used. Plots of alignment by rule show frSF where plain feedback alignment begins.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
python/bin/pip install --quiet --disable-pip-version-check --no-deps biotorch==0.0.16
cat >try.py <<'EOF'
import torch
from biotorch.layers import frsf, usf
from biotorch.layers.metrics import compute_matrix_angle

torch.manual_seed(0)
for name, rule in {"usf": usf, "frsf": frsf}.items():
    layer = rule.Linear(100, 80)
    inputs = torch.zeros(80, 100, requires_grad=True)
    layer(inputs).backward(torch.eye(80))
    used = compute_matrix_angle(inputs.grad, layer.weight)
    print("seen:", name, *(f"| {what} {float(angle):.0f}°" for what, angle in {"reported": layer.compute_alignment(), "used": used}.items()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: usf | reported 30° | used 30°
seen: frsf | reported 90° | used 42°
EOF
