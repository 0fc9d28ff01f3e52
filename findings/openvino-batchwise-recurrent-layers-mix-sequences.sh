#!/usr/bin/env bash
# OpenVINO 2026.4.1: of recurrent layers whose sequences come batch by batch (layout 1), it takes the batch for time.
#
# RNN, GRU and LSTM read [batch, steps, inputs] as [steps, batch, inputs]: with three sequences of three steps, the second starts from where the first ended,
# and changing the first changes the others. Nothing is said, the attribute is passed over. ONNX Runtime 1.32.0 refuses such a model; tract and the
# reference evaluator run it. Export time first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check openvino==2026.4.1 onnx==1.23.2 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import openvino
from onnx import TensorProto, helper, numpy_helper

random = np.random.default_rng(0)
units, inputs, steps, batch = 2, 2, 3, 3
core = openvino.Core()
gates = {"RNN": 1, "GRU": 3, "LSTM": 4}
weights = {name: (random.normal(size=(1, n * units, inputs)), random.normal(size=(1, n * units, units))) for name, n in gates.items()}


def run(operator, x, layout):
    """All states by OpenVINO, of [batch, steps, inputs]; with layout 0 the axes are swapped before and after."""
    x = x if layout else x.swapaxes(0, 1)
    node = helper.make_node(operator, ["X", "W", "R"], ["Y"], hidden_size=units, **({"layout": 1} if layout else {}))
    constants = [numpy_helper.from_array(array.astype("float32"), name) for name, array in zip("WR", weights[operator])]
    y_shape = [batch, steps, 1, units] if layout else [steps, 1, batch, units]
    infos = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in [("X", x.shape), ("Y", y_shape)]]
    graph = helper.make_graph([node], "g", infos[:1], infos[1:], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    compiled = core.compile_model(core.read_model(model.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    y = compiled([np.ascontiguousarray(x)])[compiled.outputs[0]].copy()
    return y.reshape(batch, steps, units) if layout else y[:, 0].swapaxes(0, 1)


def by_hand(x):
    """A plain recurrent layer with tanh in float64."""
    w, r = (array[0] for array in weights["RNN"])
    state, states = np.zeros((batch, units)), []
    for step in range(steps):
        state = np.tanh(x[:, step] @ w.T + state @ r.T)
        states.append(state)
    return np.stack(states, 1)


x = random.normal(size=(batch, steps, inputs)).astype("float32")
changed = x.copy()
changed[0] += 1
print("seen: RNN by hand: layout 0", "equal" if np.allclose(run("RNN", x, 0), by_hand(x), atol=1e-4) else "other", "| layout 1", "equal" if np.allclose(run("RNN", x, 1), by_hand(x), atol=1e-4) else "other")
for operator in gates:
    for layout in [0, 1]:
        moved = abs(run(operator, changed, layout) - run(operator, x, layout)).max((1, 2)) > 1e-4
        print("seen:", operator, "layout", layout, "| the first of three sequences is changed; states change in", *(k + 1 for k in np.flatnonzero(moved)))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: RNN by hand: layout 0 equal | layout 1 other
seen: RNN layout 0 | the first of three sequences is changed; states change in 1
seen: RNN layout 1 | the first of three sequences is changed; states change in 1 2 3
seen: GRU layout 0 | the first of three sequences is changed; states change in 1
seen: GRU layout 1 | the first of three sequences is changed; states change in 1 2 3
seen: LSTM layout 0 | the first of three sequences is changed; states change in 1
seen: LSTM layout 1 | the first of three sequences is changed; states change in 1 2 3
EOF
