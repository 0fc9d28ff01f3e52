#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's QuantizeLinear makes the smallest integer of large numbers, -128 of 2,000,000,000 by a scale of 0.5.
#
# QuantizeLinear saturates: what is above the largest integer becomes the largest. The reference rounds to int32 first, which wraps from 2,147,483,648
# on, and only then limits, so that such numbers and infinity become -128, or 0 in uint8, like the smallest. With a scale of 0.001 that begins at
# 2,147,484. In ONNX Runtime all of them are 127 and 255. (A network that overflows looks like one whose activations are all negative.)
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

show = lambda numbers: " ".join(str(number) for number in numbers)
for scale, values in [(0.5, [10, 1e9, 2e9, 1e10, np.inf, -1e10]), (0.001, [0.01, 2e6, 3e6])]:
    for kind in ["int8", "uint8"]:
        x = np.array(values, "float32")
        text = f"(float[{len(x)}] x) => ({kind}[{len(x)}] y) {{ s = Constant <value_float = {scale}> ()  z = Constant <value = {kind} {{0}}> ()  y = QuantizeLinear (x, s, z) }}"
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g {text}')
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        numbers = " ".join(f"{number:g}" for number in x)
        print(f"seen: {numbers} by {scale} in {kind} | reference {show(ReferenceEvaluator(proto).run(None, {'x': x})[0])} | ONNX Runtime {show(session.run(None, {'x': x})[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 10 1e+09 2e+09 1e+10 inf -1e+10 by 0.5 in int8 | reference 20 127 -128 -128 -128 -128 | ONNX Runtime 20 127 127 127 127 -128
seen: 10 1e+09 2e+09 1e+10 inf -1e+10 by 0.5 in uint8 | reference 20 255 0 0 0 0 | ONNX Runtime 20 255 255 255 255 0
seen: 0.01 2e+06 3e+06 by 0.001 in int8 | reference 10 127 -128 | ONNX Runtime 10 127 127
seen: 0.01 2e+06 3e+06 by 0.001 in uint8 | reference 10 255 0 | ONNX Runtime 10 255 255
EOF
