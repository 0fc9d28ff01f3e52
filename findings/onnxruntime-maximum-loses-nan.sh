#!/usr/bin/env bash
# ONNX Runtime 1.32.0, processor: ReduceMax, ArgMax and MaxPool lose a NaN, and with it the largest number, by where it stands.
#
# The numbers 0 … 7, one of them replaced by NaN, in each place. In NumPy, TensorFlow and ONNX's own reference the maximum is then NaN. ReduceMax
# gives NaN if it stands first and otherwise 7 or 6, where 6 is also given for a NaN in the place of 1, although the 7 is still there. ArgMax
# gives mostly 7, and MaxPool finds the NaN only at the end (on x86-64 with AVX-512; which places depends on the processor). Max of two tensors
# keeps NaN, and TopK puts it first. So the largest weight of a network that has diverged can be an innocent number, and outputs that are partly
# NaN still have a predicted class.
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
    seen = np.array([session.run(None, {"x": np.where(numbers == place, np.nan, numbers)})[0].item() for place in range(8)])
    lost = [value != place if name == "ArgMax" else not np.isnan(value) for place, value in enumerate(seen)]
    largest = np.where(numbers == 7, 6, 7)
    print("seen:", name, "loses NaN in some places", any(lost), "| and the largest number with it", any(seen[lost] < largest[lost]))
print("seen: NumPy's maximum with NaN at 1:", np.where(numbers == 1, np.nan, numbers).max())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: ReduceMax loses NaN in some places True | and the largest number with it True
seen: ArgMax loses NaN in some places True | and the largest number with it False
seen: MaxPool loses NaN in some places True | and the largest number with it False
seen: TopK loses NaN in some places False | and the largest number with it False
seen: NumPy's maximum with NaN at 1: nan
EOF
