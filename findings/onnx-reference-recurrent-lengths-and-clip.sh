#!/usr/bin/env bash
# ONNX 1.23.2: its reference evaluator takes no notice of the lengths of sequences and of clip in recurrent layers, without a word.
#
# RNN, GRU and LSTM run every sequence to the end of the longest, so that the last state of a short one is that of its padding, and LSTM's cells grow
# without the bound they were given. ONNX Runtime does both. Whoever checks an export against the reference sees the runtime as wrong.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator


def both(operator, inputs, outputs=1, **attributes):
    """What ONNX's reference evaluator and ONNX Runtime make of one node."""
    feeds = {f"x{at}": value for at, value in enumerate(inputs) if value is not None}
    names = ["" if value is None else f"x{at}" for at, value in enumerate(inputs)]
    results = [f"y{at}" for at in range(outputs)]
    node = helper.make_node(operator, names, results, **attributes)
    types = [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape) for name, value in feeds.items()]
    made = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in results]
    model = helper.make_model(helper.make_graph([node], "g", types, made), opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return ReferenceEvaluator(model).run(None, feeds), session.run(None, feeds)


def show(name, results):
    for who, values in zip(["reference", "ONNX Runtime"], results):
        print(f"seen: {name}: {who}", " ".join(f"{value:.4f}" for value in np.ravel(values[-1]).tolist()))


full = lambda *shape: np.full(shape, 0.1, np.float32)
two = np.arange(12, dtype=np.float32).reshape(3, 2, 2)  # three steps of two sequences, of which the first has one step
lengths = np.array([1, 3], np.int32)
for operator, gates in [("RNN", 1), ("GRU", 3), ("LSTM", 4)]:
    inputs = [two, full(1, gates, 2), full(1, gates, 1), None]
    show(f"{operator}, last states of lengths 1 and 3", both(operator, [*inputs, lengths], 2, hidden_size=1))
one = np.arange(6, dtype=np.float32).reshape(3, 1, 2)
show("LSTM with clip 0.5, last cell", both("LSTM", [one, 10 * full(1, 4, 2), full(1, 4, 1)], 3, hidden_size=1, clip=0.5))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: RNN, last states of lengths 1 and 3: reference 0.9438 0.9751
seen: RNN, last states of lengths 1 and 3: ONNX Runtime 0.0997 0.9751
seen: GRU, last states of lengths 1 and 3: reference 0.3461 0.3895
seen: GRU, last states of lengths 1 and 3: ONNX Runtime 0.0473 0.3895
seen: LSTM, last states of lengths 1 and 3: reference 0.7246 0.8371
seen: LSTM, last states of lengths 1 and 3: ONNX Runtime 0.0274 0.8371
seen: LSTM with clip 0.5, last cell: reference 2.5464
seen: LSTM with clip 0.5, last cell: ONNX Runtime 0.5782
EOF
