#!/usr/bin/env bash
# onnxscript 0.7.2: its optimizer makes negative numbers of a relu, and takes a ScatterND that adds for one that overwrites.
#
# Relu(Clip(x, -2, -0.5)) is 0 for every x; the optimizer merges the two into a Clip from 0 to -0.5, which is -0.5. Clip at most 0.5 and then at least 0.7 is
# 0.7; it becomes a Clip from 0.7 to 0.5, whose value is 0.5. ScatterND with reduction "add" and indices that name every row once gives data + updates; it
# becomes the updates alone, since the reduction is not looked at: accumulated gradients or counts are lost (so are "mul" and "max"). onnxscript.optimizer
# is what torch.onnx.export runs by default. ONNX's reference evaluator and ONNX Runtime agree on the model before, and on the other model after.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 onnxscript==0.7.2 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnxscript import optimizer


def model(nodes, shape, **constants):
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)]
    initializers = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "graph", inputs, outputs, initializers)
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(result, full_check=True)
    return result


def outputs(proto, x):
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    results = ReferenceEvaluator(proto).run(None, {"x": x})[0], session.run(None, {"x": x})[0]
    assert np.allclose(*results)
    return " ".join(f"{value:g}" for value in results[1].ravel())


node = helper.make_node
x = np.array([-3, -1, 0, 1], "float32")
rows, updates = np.array([[0], [1], [2], [3]]), np.array([10, 20, 30, 40], "float32")
single = np.float32
cases = {
    "Relu of Clip to -2 ... -0.5": (model([node("Clip", ["x", "low", "high"], ["a"]), node("Relu", ["a"], ["y"])], [4], low=single(-2), high=single(-0.5)), np.maximum(np.clip(x, -2, -0.5), 0)),
    "at most 0.5, then at least 0.7": (model([node("Clip", ["x", "", "high"], ["a"]), node("Clip", ["a", "low"], ["y"])], [4], low=single(0.7), high=single(0.5)), np.maximum(np.minimum(x, single(0.5)), single(0.7))),
    "Relu of Clip to -2 ... 0.5": (model([node("Clip", ["x", "low", "high"], ["a"]), node("Relu", ["a"], ["y"])], [4], low=single(-2), high=single(0.5)), np.maximum(np.clip(x, -2, 0.5), 0)),
}
reductions = {"none": updates, "add": x + updates, "mul": x * updates, "max": np.maximum(x, updates * 0 - 2)}
for reduction, right in reductions.items():
    given = updates * 0 - 2 if reduction == "max" else updates
    cases[f"ScatterND {reduction}"] = (model([node("ScatterND", ["x", "rows", "updates"], ["y"], reduction=reduction)], [4], rows=rows, updates=given), right)
for name, (proto, right) in cases.items():
    optimized = optimizer.optimize(onnx.ModelProto.FromString(proto.SerializeToString()))
    numbers = " ".join(f"{value:g}" for value in right)
    print("seen:", name, "| NumPy", numbers, "| the model", outputs(proto, x), "| optimized", outputs(optimized, x), "|", *(one.op_type for one in optimized.graph.node))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Relu of Clip to -2 ... -0.5 | NumPy 0 0 0 0 | the model 0 0 0 0 | optimized -0.5 -0.5 -0.5 -0.5 | Clip
seen: at most 0.5, then at least 0.7 | NumPy 0.7 0.7 0.7 0.7 | the model 0.7 0.7 0.7 0.7 | optimized 0.5 0.5 0.5 0.5 | Clip
seen: Relu of Clip to -2 ... 0.5 | NumPy 0 0 0 0.5 | the model 0 0 0 0.5 | optimized 0 0 0 0.5 | Clip
seen: ScatterND none | NumPy 10 20 30 40 | the model 10 20 30 40 | optimized 10 20 30 40 |
seen: ScatterND add | NumPy 7 19 30 41 | the model 7 19 30 41 | optimized 10 20 30 40 |
seen: ScatterND mul | NumPy -30 -20 0 40 | the model -30 -20 0 40 | optimized 10 20 30 40 |
seen: ScatterND max | NumPy -2 -1 0 1 | the model -2 -1 0 1 | optimized -2 -2 -2 -2 |
EOF
