#!/usr/bin/env bash
# ONNX Runtime 1.32.0, processor: Sigmoid in float32 is exactly 0 from -18 on, and off by a tenth before.
#
# The sigmoid of -18 is 1.5e-8, which float32 has no trouble with (its exponents go down to 1e-38), and Exp and Softplus of the same runtime keep.
# Its Sigmoid is 17 % too large at -15 and 0 at -18, so that a cross-entropy written as -Log(Sigmoid(x)) is infinite for outputs of an ordinary
# size, where a network trained elsewhere had 18. onnxruntime-web is 0 there, too.
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

nodes = {
    "Sigmoid": "y = Sigmoid (x)",
    "Exp(-Softplus(-x))": "a = Neg (x)  b = Softplus (a)  c = Neg (b)  y = Exp (c)",
    "-Log(Sigmoid(x))": "a = Sigmoid (x)  b = Log (a)  y = Neg (b)",
}
for name, text in nodes.items():
    model = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[n] x) => (float[n] y) {{ {text} }}')
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (y,) = session.run(None, {"x": np.array([-10, -15, -18, -30], "float32")})
    print("seen:", name, *(f"{value:.2g}" for value in y))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Sigmoid 4.5e-05 3.6e-07 0 0
seen: Exp(-Softplus(-x)) 4.5e-05 3.1e-07 1.5e-08 9.4e-14
seen: -Log(Sigmoid(x)) 10 15 inf inf
EOF
