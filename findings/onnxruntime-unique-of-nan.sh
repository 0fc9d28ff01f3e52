#!/usr/bin/env bash
# ONNX Runtime 1.32.0, OpenVINO 2026.4.1: Unique takes NaN for another number that is there, and counts it as that.
#
# Of 2 1 1 3 NaN 4 3 NaN, ONNX Runtime's Unique finds 1 2 3 4, four times 1, and says that both NaN are the number 1; of NaN 2 1 3 it finds NaN alone,
# four times. OpenVINO finds 3 twice, and with sorted=0 each NaN is one of its own. In NumPy and ONNX's own reference there is one NaN, counted twice.
# So a column with missing values has none any more, and what belongs to them is put to another class.
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
show = lambda numbers: " ".join(f"{number:g}" for number in numbers)
cases = {"2 1 1 3 NaN 4 3 NaN": [2, 1, 1, 3, np.nan, 4, 3, np.nan], "NaN 2 1 3": [np.nan, 2, 1, 3], "3 NaN": [3, np.nan]}
for name, values in cases.items():
    x = np.array(values, "float32")
    text = f"(float[{len(x)}] x) => (float[n] y, int64[n] i, int64[{len(x)}] inverse, int64[n] counts) {{ y, i, inverse, counts = Unique (x) }}"
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g {text}')
    compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU")(x[None][0:1].reshape(-1))
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    results = {"NumPy": np.unique(x, return_index=True, return_inverse=True, return_counts=True), "reference": ReferenceEvaluator(proto).run(None, {"x": x}), "ONNX Runtime": session.run(None, {"x": x}), "OpenVINO": [compiled[place] for place in range(4)]}
    for engine, (numbers, _, inverse, counts) in results.items():
        if engine != "OpenVINO" or len(x) > 4:
            print(f"seen: {name} | {engine}: {show(numbers)}" + (f" | counts {show(counts)} | the NaN are its {show(np.unique(numbers[inverse[np.isnan(x)]]))}" if engine != "OpenVINO" else ""))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 2 1 1 3 NaN 4 3 NaN | NumPy: 1 2 3 4 nan | counts 2 1 2 1 2 | the NaN are its nan
seen: 2 1 1 3 NaN 4 3 NaN | reference: 1 2 3 4 nan | counts 2 1 2 1 2 | the NaN are its nan
seen: 2 1 1 3 NaN 4 3 NaN | ONNX Runtime: 1 2 3 4 | counts 4 1 2 1 | the NaN are its 1
seen: 2 1 1 3 NaN 4 3 NaN | OpenVINO: 1 2 3 nan 3 4 nan
seen: NaN 2 1 3 | NumPy: 1 2 3 nan | counts 1 1 1 1 | the NaN are its nan
seen: NaN 2 1 3 | reference: 1 2 3 nan | counts 1 1 1 1 | the NaN are its nan
seen: NaN 2 1 3 | ONNX Runtime: nan | counts 4 | the NaN are its nan
seen: 3 NaN | NumPy: 3 nan | counts 1 1 | the NaN are its nan
seen: 3 NaN | reference: 3 nan | counts 1 1 | the NaN are its nan
seen: 3 NaN | ONNX Runtime: 3 | counts 2 | the NaN are its 3
EOF
