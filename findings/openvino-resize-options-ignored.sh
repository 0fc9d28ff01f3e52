#!/usr/bin/env bash
# OpenVINO 2026.4.1: of ONNX's Resize it passes over antialias, exclude_outside and keep_aspect_ratio_policy.
#
# All three load without a word. Made smaller with antialias=1, as libraries for images do it, an image keeps the single pixels that it would have
# without; exclude_outside=1 still repeats the border; and with keep_aspect_ratio_policy "not_larger" the image is stretched, so that the output's
# shape is another one. ONNX's own reference and ONNX Runtime agree with each other in each. An exported network that resizes its images itself sees
# others than it was trained with.
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
x = np.tile(np.array([[0, 0, 0, 12], [0, 0, 0, 12], [0, 0, 0, 12]], "float32"), (1, 1, 1, 2))
show = lambda y: "x".join(map(str, y.shape[2:])) + " " + " ".join(f"{number:.2f}" for number in y[0, 0, 0])
for name, options, sizes in [
    ("antialias", 'mode = "linear", axes = [2, 3], antialias = {}', "3, 3"),
    ("exclude_outside", 'mode = "cubic", axes = [2, 3], exclude_outside = {}', "3, 12"),
    ("keep_aspect_ratio_policy", 'mode = "linear", axes = [2, 3], keep_aspect_ratio_policy = "{}"', "6, 8"),
]:
    for value in ["stretch", "not_larger", "not_smaller"] if "policy" in name else [0, 1]:
        text = f"(float[1,1,3,8] x) => (float[1,1,h,w] y) {{ s = Constant <value_ints = [{sizes}]> ()  y = Resize <{options.format(value)}> (x, , , s) }}"
        proto = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g {text}')
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        compiled = core.compile_model(core.read_model(proto.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
        reference, other = ReferenceEvaluator(proto).run(None, {"x": x})[0], session.run(None, {"x": x})[0]
        assert np.allclose(reference, other, atol=1e-4)
        print(f"seen: {name} {value} | ONNX Runtime and the reference {show(other)} | OpenVINO {show(compiled(x)[0])}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: antialias 0 | ONNX Runtime and the reference 3x3 0.00 6.00 2.00 | OpenVINO 3x3 0.00 6.00 2.00
seen: antialias 1 | ONNX Runtime and the reference 3x3 0.84 3.71 4.47 | OpenVINO 3x3 0.00 6.00 2.00
seen: exclude_outside 0 | ONNX Runtime and the reference 3x12 0.00 0.00 -0.21 -1.04 7.12 11.32 1.93 -1.12 -0.21 -1.04 6.00 13.04 | OpenVINO 3x12 0.00 0.00 -0.21 -1.04 7.12 11.32 1.93 -1.12 -0.21 -1.04 6.00 13.04
seen: exclude_outside 1 | ONNX Runtime and the reference 3x12 0.00 0.00 -0.21 -1.04 7.12 11.32 1.93 -1.12 -0.21 -1.04 6.51 13.22 | OpenVINO 3x12 0.00 0.00 -0.21 -1.04 7.12 11.32 1.93 -1.12 -0.21 -1.04 6.00 13.04
seen: keep_aspect_ratio_policy stretch | ONNX Runtime and the reference 6x8 0.00 0.00 0.00 12.00 0.00 0.00 0.00 12.00 | OpenVINO 6x8 0.00 0.00 0.00 12.00 0.00 0.00 0.00 12.00
seen: keep_aspect_ratio_policy not_larger | ONNX Runtime and the reference 3x8 0.00 0.00 0.00 12.00 0.00 0.00 0.00 12.00 | OpenVINO 6x8 0.00 0.00 0.00 12.00 0.00 0.00 0.00 12.00
seen: keep_aspect_ratio_policy not_smaller | ONNX Runtime and the reference 6x16 0.00 0.00 0.00 0.00 0.00 3.00 9.00 9.00 3.00 0.00 0.00 0.00 0.00 3.00 9.00 12.00 | OpenVINO 6x8 0.00 0.00 0.00 12.00 0.00 0.00 0.00 12.00
EOF
