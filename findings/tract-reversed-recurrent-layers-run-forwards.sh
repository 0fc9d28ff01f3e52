#!/usr/bin/env bash
# tract 0.23.9: RNN, GRU and LSTM with direction "reverse" read their sequence forwards.
#
# What comes out is, to the bit, what the same layer gives with direction "forward". Nothing is said. The backward half of a
# "bidirectional" layer is right; a network with one layer each way, written as two, is not.
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
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(0)
units, inputs, steps, batch = 2, 3, 4, 1
x = random.normal(size=(steps, batch, inputs)).astype("float32")


def run(operator, gates, direction, sequence):
    """All states by tract and by ONNX Runtime, shapes [steps, directions, batch, units]."""
    directions = 2 if direction == "bidirectional" else 1
    shapes = {"W": (directions, gates * units, inputs), "R": (directions, gates * units, units)}
    draw = np.random.default_rng(1)
    weights = [numpy_helper.from_array(draw.normal(size=shape).astype("float32"), name) for name, shape in shapes.items()]
    node = helper.make_node(operator, ["X", "W", "R"], ["Y"], hidden_size=units, direction=direction)
    x_info = helper.make_tensor_value_info("X", TensorProto.FLOAT, x.shape)
    y_info = helper.make_tensor_value_info("Y", TensorProto.FLOAT, [steps, directions, batch, units])
    graph = helper.make_graph([node], "g", [x_info], [y_info], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), "model.onnx")
    (given,) = tract.onnx().load("model.onnx").into_model().into_runnable().run([sequence])
    (right,) = onnxruntime.InferenceSession("model.onnx", providers=["CPUExecutionProvider"]).run(None, {"X": sequence})
    return given.to_numpy(), right


for operator, gates in {"RNN": 1, "GRU": 3, "LSTM": 4}.items():
    forward, _ = run(operator, gates, "forward", x)
    for direction in ["forward", "reverse", "bidirectional"]:
        given, right = run(operator, gates, direction, x)
        # By definition: reversed inputs through the forward layer, and the states turned round again.
        by_hand = run(operator, gates, "forward", np.ascontiguousarray(x[::-1]))[1][::-1] if direction == "reverse" else right
        assert np.allclose(right, by_hand, atol=1e-5)
        print("seen:", operator, direction, "| as ONNX Runtime" if np.allclose(given, right, atol=1e-5) else f"| off by up to {abs(given - right).max():.2f}", "| as tract's forward" if np.array_equal(given, forward) else "| other than tract's forward")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: RNN forward | as ONNX Runtime | as tract's forward
seen: RNN reverse | off by up to 0.51 | as tract's forward
seen: RNN bidirectional | as ONNX Runtime | other than tract's forward
seen: GRU forward | as ONNX Runtime | as tract's forward
seen: GRU reverse | off by up to 0.39 | as tract's forward
seen: GRU bidirectional | as ONNX Runtime | other than tract's forward
seen: LSTM forward | as ONNX Runtime | as tract's forward
seen: LSTM reverse | off by up to 0.21 | as tract's forward
seen: LSTM bidirectional | as ONNX Runtime | other than tract's forward
EOF
