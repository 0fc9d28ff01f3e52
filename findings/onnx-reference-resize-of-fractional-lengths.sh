#!/usr/bin/env bash
# onnx 1.23.2: the reference evaluator's Resize with "align_corners" does not align corners where length times scale is no whole number.
#
# 0 … 4 enlarged by 1.7 has floor(8.5) = 8 numbers, and by the specification coordinate x is x · (length_original - 1) / (length_resized - 1): the
# last is the last, 4. The reference divides by 8.5 - 1, so that the last is 3.73, and all between are others too. With "pytorch_half_pixel", a length
# of 1 is to be taken at 0, and is in the reference only if the product is 1 exactly. ONNX Runtime takes the whole length. With sizes in place of
# scales both agree.
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

show = lambda numbers: " ".join(f"{number:.2f}" for number in np.ravel(numbers))
x = np.arange(5, dtype="float32").reshape(1, 1, 5)
for mode, coordinates, scale in [("linear", "align_corners", 1.7), ("linear", "align_corners", 1.6), ("nearest", "align_corners", 0.5), ("linear", "pytorch_half_pixel", 0.3), ("linear", "pytorch_half_pixel", 0.2)]:
    length = int(np.floor(5 * np.float32(scale) + 1e-6))
    for name, inputs in {f"scale {scale}": f"s = Constant <value_floats = [1.0, 1.0, {scale}]> ()  y = Resize <mode = \"{mode}\", coordinate_transformation_mode = \"{coordinates}\"> (x, , s)", f"size {length}": f"s = Constant <value_ints = [1, 1, {length}]> ()  y = Resize <mode = \"{mode}\", coordinate_transformation_mode = \"{coordinates}\"> (x, , , s)"}.items():
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[1,1,5] x) => (float[a,b,n] y) {{ {inputs} }}')
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        print(f"seen: {mode}, {coordinates}, {name} | reference {show(ReferenceEvaluator(proto).run(None, {'x': x})[0])} | ONNX Runtime {show(session.run(None, {'x': x})[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: linear, align_corners, scale 1.7 | reference 0.00 0.53 1.07 1.60 2.13 2.67 3.20 3.73 | ONNX Runtime 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00
seen: linear, align_corners, size 8 | reference 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00 | ONNX Runtime 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00
seen: linear, align_corners, scale 1.6 | reference 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00 | ONNX Runtime 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00
seen: linear, align_corners, size 8 | reference 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00 | ONNX Runtime 0.00 0.57 1.14 1.71 2.29 2.86 3.43 4.00
seen: nearest, align_corners, scale 0.5 | reference 0.00 3.00 | ONNX Runtime 0.00 4.00
seen: nearest, align_corners, size 2 | reference 0.00 4.00 | ONNX Runtime 0.00 4.00
seen: linear, pytorch_half_pixel, scale 0.3 | reference 1.17 | ONNX Runtime 0.00
seen: linear, pytorch_half_pixel, size 1 | reference 0.00 | ONNX Runtime 0.00
seen: linear, pytorch_half_pixel, scale 0.2 | reference 2.00 | ONNX Runtime 0.00
seen: linear, pytorch_half_pixel, size 1 | reference 0.00 | ONNX Runtime 0.00
EOF
