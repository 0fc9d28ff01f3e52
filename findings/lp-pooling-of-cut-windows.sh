#!/usr/bin/env bash
# onnx 1.23.2's reference, OpenVINO 2026.4.1: with ceil_mode, the Lp pooling of a window over the edge is too large.
#
# Pooling 1 2 3 4 5 in windows of two with a step of two, ceil_mode adds a window with the 5 alone. Its norm of order 1 is 5, as ONNX's formula (the
# p-th root of the sum of the window's powers) and ONNX Runtime say. The others compute a mean of the powers, which leaves out what is outside, and
# multiply it by the whole window's size, so that the number is multiplied by (size / numbers there) to the power of 1/p: 10 for 5. So does PyTorch
# 2.15.0 (tried aside from this script), against its own formula. Zeros of padding are counted rightly.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 openvino==2026.4.1 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
import openvino
from onnx.reference import ReferenceEvaluator

core = openvino.Core()
x = np.arange(1, 6, dtype="float32").reshape(1, 1, 5)
show = lambda numbers: " ".join(f"{number:.3f}" for number in np.ravel(numbers))
for p in [1, 2]:
    for option in ["ceil_mode = 1", "pads = [1, 0]"]:
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[1,1,5] x) => (float[1,1,3] y) {{ y = LpPool <p = {p}, kernel_shape = [2], strides = [2], {option}> (x) }}')
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        padded = np.pad(x[0, 0], (0, 1) if "ceil" in option else (1, 0)).reshape(3, 2)
        seen = {"by the formula": (padded**p).sum(1) ** (1 / p), "ONNX Runtime": session.run(None, {"x": x})[0], "reference": ReferenceEvaluator(proto).run(None, {"x": x})[0], "OpenVINO": compiled(x)[0]}
        print(f"seen: p = {p}, {option} |", " | ".join(f"{name} {show(y)}" for name, y in seen.items()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: p = 1, ceil_mode = 1 | by the formula 3.000 7.000 5.000 | ONNX Runtime 3.000 7.000 5.000 | reference 3.000 7.000 10.000 | OpenVINO 3.000 7.000 10.000
seen: p = 1, pads = [1, 0] | by the formula 1.000 5.000 9.000 | ONNX Runtime 1.000 5.000 9.000 | reference 1.000 5.000 9.000 | OpenVINO 1.000 5.000 9.000
seen: p = 2, ceil_mode = 1 | by the formula 2.236 5.000 5.000 | ONNX Runtime 2.236 5.000 5.000 | reference 2.236 5.000 7.071 | OpenVINO 2.236 5.000 7.071
seen: p = 2, pads = [1, 0] | by the formula 1.000 3.606 6.403 | ONNX Runtime 1.000 3.606 6.403 | reference 1.000 3.606 6.403 | OpenVINO 1.000 3.606 6.403
EOF
