#!/usr/bin/env bash
# tinygrad 0.14.0: relu(NaN) is 0, so that a network whose hidden weights are all NaN has finite outputs, loss and accuracy.
#
# It is "x where x > 0, else 0". Training that has blown up goes on with the last layer's bias alone, and whoever stops on a loss that is not finite
# never stops. In PyTorch and JAX relu keeps NaN. Its max loses NaN as well in tinygrad's own interpreter, which is used here.
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

nan = float("nan")
show = lambda values: " ".join(f"{value:.3f}" for value in values)
print("seen: relu", show(Tensor([nan, -1.0, 2.0]).relu().tolist()), "| max", show([Tensor([1.0, nan, 3.0]).max().item()]))
print("seen: sigmoid", show(Tensor([nan]).sigmoid().tolist()), "| tanh", show(Tensor([nan]).tanh().tolist()))
hidden = (Tensor([[1.0, 2.0], [3.0, 4.0]]) @ Tensor([[nan] * 3] * 2)).relu()
logits = hidden @ Tensor([[0.5, -0.5]] * 3) + Tensor([0.0, 1.0])
print("seen: hidden weights all NaN: loss", show([logits.sparse_categorical_crossentropy(Tensor([1, 1])).item()]))
EOF
python/bin/python try.py | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: relu 0.000 0.000 2.000 | max 3.000
seen: sigmoid nan | tanh nan
seen: hidden weights all NaN: loss 0.313
EOF
