#!/usr/bin/env bash
# OpenVINO 2026.4.1: max pooling with ceil_mode has windows in nothing but padding, of -3.4e38, and the mean of cut windows is another.
#
# By ONNX's specification windows that would start in the right padding are ignored. Five numbers with a padding of 1 in windows of two with a step of
# three are two windows; OpenVINO makes three, and the last is -3.4e38, float32's smallest number. AveragePool leaves that one out, but with
# count_include_pad=1 it divides a window cut by the padding's end by its whole size, where ONNX's reference and ONNX Runtime divide by what is there,
# padding included.
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
x = np.arange(1, 7, dtype="float32").reshape(1, 1, 6)
show = lambda y: " ".join(f"{number:.3g}" for number in np.ravel(y))
for name, text in [
    ("MaxPool of 1 2 3 4 5, window 2, stride 3, padding 1", "y = MaxPool <kernel_shape = [2], strides = [3], pads = [1, 1], ceil_mode = 1> (x)"),
    ("AveragePool of 1 2 3 4 5 6, window 3, stride 3, padding 1, with padding", "y = AveragePool <kernel_shape = [3], strides = [3], pads = [1, 1], ceil_mode = 1, count_include_pad = 1> (x)"),
]:
    inputs = x[:, :, : 5 if "Max" in name else 6]
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 22]> g (float[1,1,{inputs.size}] x) => (float[1,1,n] y) {{ {text} }}')
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    seen = {"reference": ReferenceEvaluator(proto).run(None, {"x": inputs})[0], "ONNX Runtime": session.run(None, {"x": inputs})[0], "OpenVINO": compiled(inputs)[0]}
    print(f"seen: {name} |", " | ".join(f"{engine} {show(y)}" for engine, y in seen.items()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: MaxPool of 1 2 3 4 5, window 2, stride 3, padding 1 | reference 1 4 | ONNX Runtime 1 4 | OpenVINO 1 4 -3.4e+38
seen: AveragePool of 1 2 3 4 5 6, window 3, stride 3, padding 1, with padding | reference 1 4 3 | ONNX Runtime 1 4 3 | OpenVINO 1 4 2
EOF
