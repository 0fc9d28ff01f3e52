#!/usr/bin/env bash
# tinygrad 0.14.0: the gradient of erf at 0 is 0; it is 2/sqrt(pi) = 1.128.
#
# erf is put together from sign(x) and |x|, whose gradients are taken as 0 there. Next to 0 it is right, and so is the value. The erf networks of
# the theory of feedback alignment, begun at zero weights, stand still: every pre-activation is 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tinygrad==0.14.0
cat >try.py <<'EOF'
import os

os.environ["DEV"] = "PYTHON"  # tinygrad's own interpreter: needs no compiler
from tinygrad import Tensor

at = Tensor([-0.001, 0.0, 0.001, 1.0])
at.erf().sum().backward()
print("seen: gradient of erf at -0.001, 0, 0.001 and 1:", " ".join(f"{value:.3f}" for value in at.grad.tolist()))
kernel = Tensor([[0.0], [0.0]])
((Tensor([[1.0, 2.0], [3.0, 4.0]]) @ kernel).erf() - 1).square().sum().backward()
print("seen: gradient of a kernel of zeros:", " ".join(f"{abs(value[0]):.3f}" for value in kernel.grad.tolist()))
EOF
python/bin/python try.py | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: gradient of erf at -0.001, 0, 0.001 and 1: 1.128 0.000 1.128 0.415
seen: gradient of a kernel of zeros: 0.000 0.000
EOF
