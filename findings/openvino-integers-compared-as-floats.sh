#!/usr/bin/env bash
# OpenVINO 2026.4.1, processor: integers above 16,777,216 are equal to their neighbours, and the remainder of 2,147,483,647 by 1,000 is 640.
#
# Equal, Less, Greater, Mod and Div of int32 are computed in float32, which does not have all of them; Add, Sub and Max are not. Numbers of users, of
# words in a text or of lines in a data set are taken for each other from there on. (That int64 becomes int32 is another thing, and known.) ONNX
# Runtime and ONNX's own reference compare the integers.
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
a, b = np.array([16777217, 16777216, 2147483647], "int32"), np.array([16777216, 16777217, 1000], "int32")
show = lambda y: " ".join(str(number) for number in y)
for operator in ["Equal", "Less", "Greater", "LessOrEqual", "Mod", "Add", "Sub", "Max", "Div"]:
    kind = "int32" if operator in ["Mod", "Add", "Sub", "Max", "Div"] else "bool"
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (int32[3] a, int32[3] b) => ({kind}[3] y) {{ y = {operator} (a, b) }}')
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    other = session.run(None, {"a": a, "b": b})[0]
    assert np.array_equal(other, ReferenceEvaluator(proto).run(None, {"a": a, "b": b})[0])
    print(f"seen: {show(a)} {operator} {show(b)} | ONNX Runtime and the reference {show(other)} | OpenVINO {show(compiled([a, b])[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 16777217 16777216 2147483647 Equal 16777216 16777217 1000 | ONNX Runtime and the reference False False False | OpenVINO True True False
seen: 16777217 16777216 2147483647 Less 16777216 16777217 1000 | ONNX Runtime and the reference False True False | OpenVINO False False False
seen: 16777217 16777216 2147483647 Greater 16777216 16777217 1000 | ONNX Runtime and the reference True False True | OpenVINO False False True
seen: 16777217 16777216 2147483647 LessOrEqual 16777216 16777217 1000 | ONNX Runtime and the reference False True False | OpenVINO True True False
seen: 16777217 16777216 2147483647 Mod 16777216 16777217 1000 | ONNX Runtime and the reference 1 16777216 647 | OpenVINO 0 0 640
seen: 16777217 16777216 2147483647 Add 16777216 16777217 1000 | ONNX Runtime and the reference 33554433 33554433 -2147482649 | OpenVINO 33554433 33554433 -2147482649
seen: 16777217 16777216 2147483647 Sub 16777216 16777217 1000 | ONNX Runtime and the reference 1 -1 2147482647 | OpenVINO 1 -1 2147482647
seen: 16777217 16777216 2147483647 Max 16777216 16777217 1000 | ONNX Runtime and the reference 16777217 16777217 2147483647 | OpenVINO 16777217 16777217 2147483647
seen: 16777217 16777216 2147483647 Div 16777216 16777217 1000 | ONNX Runtime and the reference 1 0 2147483 | OpenVINO 1 1 2147483
EOF
