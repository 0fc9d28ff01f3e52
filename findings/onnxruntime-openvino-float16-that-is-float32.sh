#!/usr/bin/env bash
# ONNX Runtime 1.32.0, OpenVINO 2026.4.1, processor: numbers that a model casts to float16 are not rounded, and don't overflow.
#
# A model casts 2.9, 1,000,000 and 0.00000001 to float16, adds each to itself in float16, and casts back: 5.8008, infinity and 0. ONNX Runtime gives
# 5.8, 2,000,000 and 0.00000002 in float32's precision, with all its optimisations switched off too: on x86-64 it computes an addition in float16 as
# one in float32 between casts, and the model's own casts go with those. OpenVINO also takes out a cast to float16 or bfloat16 and back with nothing
# between, told to compute in float32. So whether a network bears float16, or what rounding costs it, can't be tried that way: where float16 is
# computed, it overflows.
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
x = np.array([2.9, 1e6, 1e-8], "float32")
show = lambda numbers: " ".join(f"{number:.5g}" for number in numbers)
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
for name, text in {
    "float16, added, float32": "a = Cast <to = 10> (x)  b = Add (a, a)  y = Cast <to = 1> (b)",
    "float16, float32": "a = Cast <to = 10> (x)  y = Cast <to = 1> (a)",
    "bfloat16, float32": "a = Cast <to = 16> (x)  y = Cast <to = 1> (a)",
}.items():
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[3] x) => (float[3] y) {{ {text} }}')
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    print(f"seen: {name} | reference {show(ReferenceEvaluator(proto).run(None, {'x': x})[0])} | ONNX Runtime {show(session.run(None, {'x': x})[0])} | OpenVINO {show(compiled(x)[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: float16, added, float32 | reference 5.8008 inf 0 | ONNX Runtime 5.8 2e+06 2e-08 | OpenVINO 5.8 2e+06 2e-08
seen: float16, float32 | reference 2.9004 inf 0 | ONNX Runtime 2.9004 inf 0 | OpenVINO 2.9 1e+06 1e-08
seen: bfloat16, float32 | reference 2.9062 9.9942e+05 1.0012e-08 | ONNX Runtime 2.9062 9.9942e+05 1.0012e-08 | OpenVINO 2.9 1e+06 1e-08
EOF
