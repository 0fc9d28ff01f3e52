#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's LpNormalization with p=1 divides by the sum of the numbers, not of their absolute values.
#
# LpNormalization's norm of order 1 is the sum of the absolute values. The reference raises the numbers themselves to the power of p, so that 3 -1 -1
# becomes 3 -1 -1, of the norm 5, and -1 -2 becomes two positive numbers; 1 -1 is "of norm 0" and becomes 0 0. With p=2 it is right. ONNX Runtime is
# right in both. Who takes the reference for what an engine should compute gets all rows of mixed signs wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
from onnx.reference import ReferenceEvaluator

show = lambda numbers: " ".join(f"{number + 0:.2f}" for number in numbers)
for p in [1, 2]:
    for row in [[1, 3], [3, -1, -1], [-1, -2], [1, -1]]:
        x = np.array([row], "float32")
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[1,{len(row)}] x) => (float[1,{len(row)}] y) {{ y = LpNormalization <p = {p}, axis = 1> (x) }}')
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        engines = {"reference": ReferenceEvaluator(proto).run(None, {"x": x})[0], "ONNX Runtime": session.run(None, {"x": x})[0], "NumPy": x / np.linalg.norm(x, p, axis=1)}
        print(f"seen: p = {p} | {show(row)} |", " | ".join(f"{name} {show(y[0])}" for name, y in engines.items()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: p = 1 | 1.00 3.00 | reference 0.25 0.75 | ONNX Runtime 0.25 0.75 | NumPy 0.25 0.75
seen: p = 1 | 3.00 -1.00 -1.00 | reference 3.00 -1.00 -1.00 | ONNX Runtime 0.60 -0.20 -0.20 | NumPy 0.60 -0.20 -0.20
seen: p = 1 | -1.00 -2.00 | reference 0.33 0.67 | ONNX Runtime -0.33 -0.67 | NumPy -0.33 -0.67
seen: p = 1 | 1.00 -1.00 | reference 0.00 0.00 | ONNX Runtime 0.50 -0.50 | NumPy 0.50 -0.50
seen: p = 2 | 1.00 3.00 | reference 0.32 0.95 | ONNX Runtime 0.32 0.95 | NumPy 0.32 0.95
seen: p = 2 | 3.00 -1.00 -1.00 | reference 0.90 -0.30 -0.30 | ONNX Runtime 0.90 -0.30 -0.30 | NumPy 0.90 -0.30 -0.30
seen: p = 2 | -1.00 -2.00 | reference -0.45 -0.89 | ONNX Runtime -0.45 -0.89 | NumPy -0.45 -0.89
seen: p = 2 | 1.00 -1.00 | reference 0.71 -0.71 | ONNX Runtime 0.71 -0.71 | NumPy 0.71 -0.71
EOF
