#!/usr/bin/env bash
# OnnxSlim 0.1.98, onnxscript 0.7.2: two random operators of one model become one, and OnnxSlim makes a constant of a random one.
#
# Two nodes that draw with the same options and no seed draw independently: ONNX says of the seed that one is generated if it isn't given. Both optimizers remove
# common subexpressions, and take the two for one: OnnxSlim all of them, onnxscript Bernoulli and Dropout in training mode (it leaves the others alone). So two
# layers' noises are one noise, two masks one mask, and their difference, here, is always 0. RandomNormal, which has no input, is folded by OnnxSlim: each call
# gives the numbers that were drawn while it optimized. Dropout in training mode it drops. Nodes with seeds of their own are kept apart, not from being folded.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 onnxscript==0.7.2 onnxslim==0.1.98 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
import onnxslim
from onnx import TensorProto, helper, numpy_helper
from onnxscript import optimizer

operators = {"RandomNormalLike": (["x"], {}), "RandomUniformLike": (["x"], {}), "Bernoulli": (["x"], {}), "Dropout": (["x", "ratio", "training"], {}), "RandomNormal": ([], {"shape": [1000]})}


def model(operator, seeds):
    inputs, attributes = operators[operator]
    nodes = [helper.make_node(operator, inputs, [name], **attributes, **({"seed": seed if operator == "Dropout" else float(seed)} if seeds else {})) for seed, name in enumerate("ab", 1)]
    nodes.append(helper.make_node("Sub", ["a", "b"], ["difference"]))
    nodes.append(helper.make_node("Add", ["a", "x"], ["first"]))
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [1000])
    constants = [numpy_helper.from_array(np.array(0.5, "float32"), "ratio"), numpy_helper.from_array(np.array(True), "training")] if operator == "Dropout" else []
    graph = helper.make_graph(nodes, "graph", [value("x")], [value("difference"), value("first")], constants)
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(result, full_check=True)
    return result


def seen(proto):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])
    x = np.full(1000, 0.5, "float32")
    (difference, first), (_, second) = (session.run(None, {"x": x}) for _ in range(2))
    return f"nodes differ {'yes' if difference.any() else 'no'}, calls differ {'yes' if (first != second).any() else 'no'}"


copy = lambda proto: onnx.ModelProto.FromString(proto.SerializeToString())
for operator in operators:
    for seeds in [False, True]:
        proto = model(operator, seeds)
        print(f"seen: {operator}, {'seeds 1 and 2' if seeds else 'no seeds'} | the model: {seen(proto)} | OnnxSlim: {seen(onnxslim.slim(copy(proto)))} | onnxscript: {seen(optimizer.optimize(copy(proto)))}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: RandomNormalLike, no seeds | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ no, calls differ yes | onnxscript: nodes differ yes, calls differ yes
seen: RandomNormalLike, seeds 1 and 2 | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ yes, calls differ yes | onnxscript: nodes differ yes, calls differ yes
seen: RandomUniformLike, no seeds | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ no, calls differ yes | onnxscript: nodes differ yes, calls differ yes
seen: RandomUniformLike, seeds 1 and 2 | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ yes, calls differ yes | onnxscript: nodes differ yes, calls differ yes
seen: Bernoulli, no seeds | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ no, calls differ yes | onnxscript: nodes differ no, calls differ yes
seen: Bernoulli, seeds 1 and 2 | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ yes, calls differ yes | onnxscript: nodes differ yes, calls differ yes
seen: Dropout, no seeds | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ no, calls differ no | onnxscript: nodes differ no, calls differ yes
seen: Dropout, seeds 1 and 2 | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ no, calls differ no | onnxscript: nodes differ yes, calls differ yes
seen: RandomNormal, no seeds | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ yes, calls differ no | onnxscript: nodes differ yes, calls differ yes
seen: RandomNormal, seeds 1 and 2 | the model: nodes differ yes, calls differ yes | OnnxSlim: nodes differ yes, calls differ no | onnxscript: nodes differ yes, calls differ yes
EOF
