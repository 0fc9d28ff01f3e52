#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's LRN normalises as many channels as there are images in the batch.
#
# Four channels of ones. In a batch of four, each is divided by what its neighbours add up to, as the operator says and ONNX Runtime does. In a
# batch of one only the first channel is; the others come out as they went in. Exported networks are compared with the reference, mostly on one
# image; the operator's own test cases have five images of five channels.
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

text = "g (float[batch, 4, 1, 1] x) => (float[batch, 4, 1, 1] y) { y = LRN <size = 3, alpha = 1.0, beta = 1.0, bias = 1.0> (x) }"
model = onnx.parser.parse_model('<ir_version: 10, opset_import: ["": 21]>' + text)
runtime = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
for name, evaluator in {"reference": ReferenceEvaluator(model), "ONNX Runtime": runtime}.items():
    for batch in [1, 2, 4]:
        (y,) = evaluator.run(None, {"x": np.ones([batch, 4, 1, 1], "float32")})
        print("seen:", name, "batch of", batch, "| first image", *(f"{value:.2f}" for value in y[0].ravel()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: reference batch of 1 | first image 0.60 1.00 1.00 1.00
seen: reference batch of 2 | first image 0.60 0.50 1.00 1.00
seen: reference batch of 4 | first image 0.60 0.50 0.50 0.60
seen: ONNX Runtime batch of 1 | first image 0.60 0.50 0.50 0.60
seen: ONNX Runtime batch of 2 | first image 0.60 0.50 0.50 0.60
seen: ONNX Runtime batch of 4 | first image 0.60 0.50 0.50 0.60
EOF
