#!/usr/bin/env bash
# OpenVINO 2026.4.1, processor: relu and clip of NaN are 0, exp of NaN is infinity, and the larger of NaN and 1 is 1.
#
# In NumPy, ONNX's own reference and ONNX Runtime all of these are NaN. Max and Min keep it only in their second input. So a network whose hidden
# weights have all become NaN has finite outputs, which are those of its last bias, and a class that it predicts.
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

core = openvino.Core()
nan, one = np.full(3, np.nan, "float32"), np.ones(3, "float32")
show = lambda y: " ".join(sorted({f"{number:g}" for number in np.ravel(y)}))
for name, text in {
    "relu of NaN": "y = Relu (a)",
    "NaN clipped to 0 … 6": "low = Constant <value_float = 0.0> ()  high = Constant <value_float = 6.0> ()  y = Clip (a, low, high)",
    "exp of NaN": "y = Exp (a)",
    "tanh of NaN": "y = Tanh (a)",
    "larger of NaN and 1": "y = Max (a, b)",
    "larger of 1 and NaN": "y = Max (b, a)",
    "smaller of NaN and 1": "y = Min (a, b)",
    "largest of NaN": "y = ReduceMax <keepdims = 1> (a)",
    "a network with hidden weights NaN, output's bias 0.5": "w = Constant <value = float[1,2] {1.0, 1.0}> ()  axes = Constant <value_ints = [1]> ()  rows = Unsqueeze (a, axes)  hidden = MatMul (rows, w)  active = Relu (hidden)  v = Constant <value = float[2,1] {1.0, 1.0}> ()  sums = MatMul (active, v)  bias = Constant <value_float = 0.5> ()  outputs = Add (sums, bias)  y = Squeeze (outputs, axes)",
}.items():
    names = ["float[3] a", "float[3] b"] if "Max (" in text or "Min (" in text else ["float[3] a"]
    signature = ", ".join(names)
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g ({signature}) => (float[n] y) {{ {text} }}')
    inputs = {"a": nan, "b": one} if len(names) == 2 else {"a": nan}
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    print(f"seen: {name} | ONNX Runtime {show(session.run(None, inputs)[0])} | OpenVINO {show(compiled(inputs)[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: relu of NaN | ONNX Runtime nan | OpenVINO 0
seen: NaN clipped to 0 … 6 | ONNX Runtime nan | OpenVINO 0
seen: exp of NaN | ONNX Runtime nan | OpenVINO inf
seen: tanh of NaN | ONNX Runtime nan | OpenVINO nan
seen: larger of NaN and 1 | ONNX Runtime nan | OpenVINO 1
seen: larger of 1 and NaN | ONNX Runtime nan | OpenVINO nan
seen: smaller of NaN and 1 | ONNX Runtime nan | OpenVINO 1
seen: largest of NaN | ONNX Runtime nan | OpenVINO nan
seen: a network with hidden weights NaN, output's bias 0.5 | ONNX Runtime nan | OpenVINO 0.5
EOF
