#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's MaxPool with strides of 1 points to other numbers than those that it takes.
#
# MaxPool's second output says where in the input each maximum stands; MaxUnpool puts numbers back by it. With a stride of 1 the reference has the
# right maxima, and indices of other places, half and more of them here; with padding some are negative. With other strides the indices are right, and
# in ONNX Runtime always.
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

x = np.random.default_rng(0).permutation(30).astype("float32").reshape(1, 1, 5, 6)
for name, options in {"window 2x3": "kernel_shape = [2, 3]", "window 3x3, padding 1": "kernel_shape = [3, 3], pads = [1, 1, 1, 1]", "window 2x3, stride 2": "kernel_shape = [2, 3], strides = [2, 2]"}.items():
    text = f"(float[1,1,5,6] x) => (float[1,1,h,w] y, int64[1,1,h,w] indices) {{ y, indices = MaxPool <{options}> (x) }}"
    proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g {text}')
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    results = {"reference": ReferenceEvaluator(proto).run(None, {"x": x}), "ONNX Runtime": session.run(None, {"x": x})}
    for engine, (y, indices) in results.items():
        right = int((x.ravel()[indices] == y).sum())
        print(f"seen: {name} | {engine}: maxima as ONNX Runtime's {np.array_equal(y, results['ONNX Runtime'][0])} | indices where the maximum stands {right} of {y.size} | smallest index {indices.min()}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: window 2x3 | reference: maxima as ONNX Runtime's True | indices where the maximum stands 8 of 16 | smallest index 2
seen: window 2x3 | ONNX Runtime: maxima as ONNX Runtime's True | indices where the maximum stands 16 of 16 | smallest index 2
seen: window 3x3, padding 1 | reference: maxima as ONNX Runtime's True | indices where the maximum stands 9 of 30 | smallest index -1
seen: window 3x3, padding 1 | ONNX Runtime: maxima as ONNX Runtime's True | indices where the maximum stands 30 of 30 | smallest index 2
seen: window 2x3, stride 2 | reference: maxima as ONNX Runtime's True | indices where the maximum stands 4 of 4 | smallest index 2
seen: window 2x3, stride 2 | ONNX Runtime: maxima as ONNX Runtime's True | indices where the maximum stands 4 of 4 | smallest index 2
EOF
