#!/usr/bin/env bash
# ONNX Runtime 1.32.0: two Bernoulli operators on one input draw one mask, and random operators draw the same numbers in all sessions.
#
# Without a seed each operator draws by itself: ONNX says that one is generated. Bernoulli is replaced by what it consists of, and the two copies are then
# merged as a common subexpression, at every level of optimization but none: two masks for two layers of one width are equal, and their difference is 0.
# (RandomUniformLike, written out, is left alone.) And every session of a process generates the same seeds: two networks that were loaded one after
# the other have the same noise, call by call, which differs from process to process all the same (masks of Dropout are their own). Give each operator a seed.
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
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

x = np.full(10000, 0.5, "float32")


def model(operator, seeds=()):
    nodes = [helper.make_node(operator, ["x"], [name], **({"seed": seeds[place]} if seeds else {})) for place, name in enumerate("ab")]
    nodes += [helper.make_node("Sub", ["a", "b"], ["difference"]), helper.make_node("Add", ["a", "x"], ["moved"])]
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [10000])
    graph = helper.make_graph(nodes, "graph", [value("x")], [value("difference"), value("moved")])
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(result, full_check=True)
    return result


def session(proto, level="ORT_ENABLE_ALL"):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    return onnxruntime.InferenceSession(proto.SerializeToString(), options, providers=["CPUExecutionProvider"])


part = lambda differences: f"{(differences != 0).mean():.1f}"
for operator in ["Bernoulli", "RandomUniformLike"]:
    for seeds in [(), (1.0, 2.0)]:
        proto = model(operator, seeds)
        levels = {"none": "ORT_DISABLE_ALL", "basic": "ORT_ENABLE_BASIC", "all": "ORT_ENABLE_ALL"}
        runs = [f"optimization {name} {part(session(proto, level).run(None, {'x': x})[0])}" for name, level in levels.items()]
        print(f"seen: two {operator}, {'seeds 1 and 2' if seeds else 'no seeds'}: part of places where they differ | reference {part(ReferenceEvaluator(proto).run(None, {'x': x})[0])} |", " | ".join(runs))
for operator in ["Bernoulli", "RandomUniformLike", "RandomNormalLike"]:
    calls = [[one.run(None, {"x": x})[1] for _ in range(3)] for one in [session(model(operator)), session(model(operator))]]
    same = [bool(np.array_equal(first, second)) for first, second in zip(*calls)]
    print(f"seen: {operator}, no seeds | two sessions give the same numbers, call by call: {same} | two calls of one session: {bool(np.array_equal(calls[0][0], calls[0][1]))}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: two Bernoulli, no seeds: part of places where they differ | reference 0.5 | optimization none 0.5 | optimization basic 0.0 | optimization all 0.0
seen: two Bernoulli, seeds 1 and 2: part of places where they differ | reference 0.5 | optimization none 0.5 | optimization basic 0.5 | optimization all 0.5
seen: two RandomUniformLike, no seeds: part of places where they differ | reference 1.0 | optimization none 1.0 | optimization basic 1.0 | optimization all 1.0
seen: two RandomUniformLike, seeds 1 and 2: part of places where they differ | reference 1.0 | optimization none 1.0 | optimization basic 1.0 | optimization all 1.0
seen: Bernoulli, no seeds | two sessions give the same numbers, call by call: [True, True, True] | two calls of one session: False
seen: RandomUniformLike, no seeds | two sessions give the same numbers, call by call: [True, True, True] | two calls of one session: False
seen: RandomNormalLike, no seeds | two sessions give the same numbers, call by call: [True, True, True] | two calls of one session: False
EOF
