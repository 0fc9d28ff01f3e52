#!/usr/bin/env bash
# ONNX Runtime 1.32.0, processor: ReduceMax, ArgMax and MaxPool lose a NaN, and with it the largest number, by where it stands.
#
# The numbers 0 … 7, one of them replaced by NaN. In NumPy, TensorFlow and ONNX's own reference the maximum is then NaN. ReduceMax gives NaN if it
# stands first, and otherwise 7 or 6; where 6 is given for a NaN in the place of 1 or 3, the 7 was still there. ArgMax loses it as well, and
# MaxPool finds it only at the end. Max of two tensors keeps NaN, and TopK puts it first. So the largest weight of a network that has diverged can
# be an innocent number, and outputs that are partly NaN still have a predicted class.
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

numbers = np.arange(8, dtype="float32")
for name, text in {
    "ReduceMax": "y = ReduceMax <keepdims = 0> (x)",
    "ArgMax": "y = ArgMax <keepdims = 0> (x)",
    "MaxPool": "one = Constant <value_ints = [1, 1, 8]> ()  a = Reshape (x, one)  y = MaxPool <kernel_shape = [8]> (a)",
    "TopK": "k = Constant <value_ints = [1]> ()  y, i = TopK (x, k)",
}.items():
    kind = "int64" if name == "ArgMax" else "float"
    model = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": 21]> g (float[8] x) => ({kind} y) {{ {text} }}')
    del model.graph.output[0].type.tensor_type.shape.dim[:]
    model.graph.output[0].type.tensor_type.ClearField("shape")
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    seen = [session.run(None, {"x": np.where(numbers == place, np.nan, numbers)})[0].item() for place in range(8)]
    print("seen:", name, "with NaN at 0 … 7:", *(f"{value:g}" for value in seen))
print("seen: NumPy's maximum with NaN at 1:", np.where(numbers == 1, np.nan, numbers).max())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: ReduceMax with NaN at 0 … 7: nan 6 7 6 7 7 7 6
seen: ArgMax with NaN at 0 … 7: 0 7 7 7 4 7 7 6
seen: MaxPool with NaN at 0 … 7: 7 7 7 7 7 7 7 nan
seen: TopK with NaN at 0 … 7: nan nan nan nan nan nan nan nan
seen: NumPy's maximum with NaN at 1: nan
EOF
