#!/usr/bin/env bash
# OpenVINO 2026.4.1 for Python: an output in bfloat16 comes as a NumPy array of float16 whose numbers are other ones.
#
# The sixteen bits are right and the type's name is not: 1 reads as 1.875, -3 as -2.125 and 1000 as 4.477, all of them numbers that nobody would doubt.
# Inputs of ml_dtypes' bfloat16 are taken as such, so that what goes in and what comes out differ in a model that does nothing. ONNX Runtime refuses the
# type in Python. The numbers are there: array.view(ml_dtypes.bfloat16). Or end the model by a Cast to float.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 ml_dtypes==0.6.0 numpy==2.4.6
cat >try.py <<'EOF'
import ml_dtypes
import numpy as np
import onnx
import openvino

core = openvino.Core()


def run(text, x):
    model = onnx.parser.parse_model('<ir_version: 10, opset_import: ["": 21]>' + text)
    compiled = core.compile_model(core.read_model(model.SerializeToString()), "CPU")
    return compiled([x])[compiled.outputs[0]].copy()


values = np.array([1, 2, -3, 0.5, 1000], "float32")
cases = {
    "float, cast to bfloat16": ("g (float[5] x) => (bfloat16[5] y) { y = Cast <to = 16> (x) }", values),
    "bfloat16, as it is": ("g (bfloat16[5] x) => (bfloat16[5] y) { y = Identity (x) }", values.astype(ml_dtypes.bfloat16)),
    "float, cast to float16": ("g (float[5] x) => (float16[5] y) { y = Cast <to = 10> (x) }", values),
}
for name, (text, x) in cases.items():
    y = run(text, x)
    viewed = y.view(ml_dtypes.bfloat16).astype("float32") if "bfloat16" in name else y
    print("seen:", name, "|", y.dtype, *(f"{value:g}" for value in y.astype("float64")), "| as they should be:", *(f"{value:g}" for value in viewed))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: float, cast to bfloat16 | float16 1.875 2 -2.125 1.75 4.47656 | as they should be: 1 2 -3 0.5 1000
seen: bfloat16, as it is | float16 1.875 2 -2.125 1.75 4.47656 | as they should be: 1 2 -3 0.5 1000
seen: float, cast to float16 | float16 1 2 -3 0.5 1000 | as they should be: 1 2 -3 0.5 1000
EOF
