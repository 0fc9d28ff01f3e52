#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's GridSample with mode "cubic" and padding_mode "border" samples outside of the image as on its border.
#
# A row that ends with 4 2 goes on with 2 2 2 … there, and a cubic curve through 4 2 2 2 is below 2 for a while. ONNX Runtime, OpenVINO and PyTorch
# (tried aside from this script), whose operator it is, compute it so. The reference moves the point onto the border first, which is what the linear
# mode does, so that points outside get the border's pixel.
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
x = np.tile(np.array([0, 0, 1, 4, 2], "float32"), (1, 1, 3, 1))
places = np.array([0, 0.5, 3.5, 4, 4.25, 4.5, 4.75, 5, 6])
grid = np.stack([places / 2 - 1, 0 * places], -1).reshape(1, 1, -1, 2).astype("float32")
show = lambda y: " ".join(f"{number + 0:.2f}" for number in np.round(np.ravel(y), 4))
print("seen: at", show(places))
for mode in ["linear", "cubic"]:
    for padding in ["border"]:
        text = f'(float[1,1,3,5] x, float[1,1,{len(places)},2] grid) => (float[1,1,1,n] y) {{ y = GridSample <mode = "{mode}", padding_mode = "{padding}", align_corners = 1> (x, grid) }}'
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g {text}')
        inputs = {"x": x, "grid": grid}
        seen = {
            "reference": ReferenceEvaluator(proto).run(None, inputs)[0],
            "ONNX Runtime": onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, inputs)[0],
            "OpenVINO": core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(inputs)[0],
        }
        print(f"seen: {mode}, {padding} |", " | ".join(f"{engine} {show(y)}" for engine, y in seen.items()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: at 0.00 0.50 3.50 4.00 4.25 4.50 4.75 5.00 6.00
seen: linear, border | reference 0.00 0.00 3.00 2.00 2.00 2.00 2.00 2.00 2.00 | ONNX Runtime 0.00 0.00 3.00 2.00 2.00 2.00 2.00 2.00 2.00 | OpenVINO 0.00 0.00 3.00 2.00 2.00 2.00 2.00 2.00 2.00
seen: cubic, border | reference 0.00 -0.09 3.28 2.00 2.00 2.00 2.00 2.00 2.00 | ONNX Runtime 0.00 -0.09 3.28 2.00 1.79 1.81 1.93 2.00 2.00 | OpenVINO 0.00 -0.09 3.28 2.00 1.79 1.81 1.93 2.00 2.00
EOF
