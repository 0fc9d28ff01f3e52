#!/usr/bin/env bash
# safetensors 0.8.0 for Python: safetensors.numpy.save of a view stores the memory behind it, not the array.
#
# The transpose of [[1, 2, 3], [4, 5, 6]] comes back with the right shape, [3, 2], and the numbers 1 2 3 4 5 6 in a row: right is
# 1 4 2 5 3 6. Every second element of 0 … 5 comes back as 0 1 2. Nothing is said; safetensors.torch refuses tensors that aren't contiguous.
# A kernel is often transposed on its way from one framework to another, which is where this is met: np.ascontiguousarray first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check numpy==2.4.2 safetensors==0.8.0
cat >try.py <<'EOF'
import numpy as np
from safetensors.numpy import load, save

matrix = np.array([[1, 2, 3], [4, 5, 6]], "float32")
row = np.arange(6, dtype="float32")
for name, array in {"transposed": matrix.T, "every second": row[::2], "copied": np.ascontiguousarray(matrix.T)}.items():
    back = load(save({"x": array}))["x"]
    print("seen:", name, back.shape, back.ravel().tolist(), "equal" if np.array_equal(back, array) else "other numbers")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: transposed (3, 2) [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] other numbers
seen: every second (3,) [0.0, 1.0, 2.0] other numbers
seen: copied (3, 2) [1.0, 4.0, 2.0, 5.0, 3.0, 6.0] equal
EOF
