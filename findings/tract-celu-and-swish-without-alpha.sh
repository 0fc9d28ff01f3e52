#!/usr/bin/env bash
# tract 0.23.9: Celu is not multiplied by its alpha, and Swish takes no notice of one.
#
# Celu is max(x, 0) + min(0, alpha (exp(x / alpha) - 1)): with alpha 2, -3 gives -1.554, in tract -0.777, and what comes from below 0 is half as large
# throughout. Swish is x sigmoid(alpha x): in tract it is the one of alpha 1. Nothing is refused or said; with alpha 1, the default of both, all is well,
# and Elu's alpha is kept. ONNX Runtime gives what NumPy does. A network that is run by another program than it was trained with is another one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tract==0.23.9 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
import tract

x = np.array([-3, -0.5, 0, 0.5, 3], np.float32)
formulas = {
    "Celu": lambda v, alpha: np.maximum(v, 0) + np.minimum(0, alpha * np.expm1(v / alpha)),
    "Swish": lambda v, alpha: v / (1 + np.exp(-alpha * v)),
    "Elu": lambda v, alpha: np.where(v > 0, v, alpha * np.expm1(v)),
}
show = lambda values: " ".join(f"{value + 0:.3f}" for value in values)
for name, formula in formulas.items():
    for alpha in [1.0, 2.0]:
        text = f"g (float[5] x) => (float[5] y) {{ y = {name} <alpha = {alpha}> (x) }}"
        model = onnx.parser.parse_model('<ir_version: 10, opset_import: ["": 24]>' + text)
        onnx.save(model, "model.onnx")
        (given,) = tract.onnx().load("model.onnx").into_model().into_runnable().run([x])
        (runtime,) = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"]).run(None, {"x": x})
        right = formula(x.astype("float64"), alpha)
        print("seen:", name, "alpha", alpha, "| NumPy", show(right), "| tract", show(given.to_numpy()), "| ONNX Runtime", "equal" if np.allclose(runtime, right, atol=1e-4) else "other")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Celu alpha 1.0 | NumPy -0.950 -0.393 0.000 0.500 3.000 | tract -0.950 -0.393 0.000 0.500 3.000 | ONNX Runtime equal
seen: Celu alpha 2.0 | NumPy -1.554 -0.442 0.000 0.500 3.000 | tract -0.777 -0.221 0.000 0.500 3.000 | ONNX Runtime equal
seen: Swish alpha 1.0 | NumPy -0.142 -0.189 0.000 0.311 2.858 | tract -0.142 -0.189 0.000 0.311 2.858 | ONNX Runtime equal
seen: Swish alpha 2.0 | NumPy -0.007 -0.134 0.000 0.366 2.993 | tract -0.142 -0.189 0.000 0.311 2.858 | ONNX Runtime equal
seen: Elu alpha 1.0 | NumPy -0.950 -0.393 0.000 0.500 3.000 | tract -0.950 -0.393 0.000 0.500 3.000 | ONNX Runtime equal
seen: Elu alpha 2.0 | NumPy -1.900 -0.787 0.000 0.500 3.000 | tract -1.900 -0.787 0.000 0.500 3.000 | ONNX Runtime equal
EOF
