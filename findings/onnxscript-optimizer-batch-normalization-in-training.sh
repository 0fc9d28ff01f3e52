#!/usr/bin/env bash
# onnxscript 0.7.2: its optimizer takes a batch normalization in training mode for one at inference, and folds its stored statistics into the layer before.
#
# With training_mode = 1 the operator normalises by the mean and variance of the batch it is given, and not by its inputs of these names. Behind a Conv, a
# ConvTranspose or a Gemm the optimizer multiplies the kernel by the stored ones and drops the node: each channel had mean 0 and variance 1, and
# has others. This is the mode of a network exported to be trained further, or to be normalised by the batch at test time. onnxscript.optimizer is what
# torch.onnx.export runs by default. ONNX Runtime and ONNX's reference evaluator normalise the model before as NumPy does.
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

random = np.random.default_rng(0)
draw = lambda *shape: random.normal(size=shape).astype("float32")


def model(layer, weights, x_shape, y_shape, training):
    statistics = {"scale": np.ones(4, "float32"), "bias": np.zeros(4, "float32"), "mean": draw(4), "variance": draw(4) ** 2 + 1}
    outputs = ["y", "running_mean", "running_variance"] if training else ["y"]
    nodes = [helper.make_node(layer, ["x", "w"], ["a"]), helper.make_node("BatchNormalization", ["a", *statistics], outputs, training_mode=training)]
    value = lambda name, shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
    initializers = [numpy_helper.from_array(array, name) for name, array in {"w": weights, **statistics}.items()]
    graph = helper.make_graph(nodes, "graph", [value("x", x_shape)], [value("y", y_shape)], initializers)
    result = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(result, full_check=True)
    return result


def channels(y):
    axes = tuple(axis for axis in range(y.ndim) if axis != 1)
    return f"means {' '.join(f'{abs(value):.2f}' for value in y.mean(axes))}, variances {' '.join(f'{value:.2f}' for value in y.var(axes))}"


cases = {"Conv": (draw(4, 3, 3, 3), [8, 3, 6, 6], [8, 4, 4, 4]), "Gemm": (draw(3, 4), [8, 3], [8, 4])}
for layer, (weights, x_shape, y_shape) in cases.items():
    x = draw(*x_shape)
    for training in [0, 1]:
        before = model(layer, weights, x_shape, y_shape, training)
        after = optimizer.optimize(onnx.ModelProto.FromString(before.SerializeToString()))
        run = lambda proto: onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
        assert np.allclose(run(before), ReferenceEvaluator(before).run(None, {"x": x})[0], atol=1e-4)
        same = "the same" if np.allclose(run(before), run(after), atol=1e-4) else "others"
        print(f"seen: {layer}, training_mode {training} | optimized to {' '.join(node.op_type for node in after.graph.node)}, outputs {same}")
        if training:
            print(f"seen: {layer}, training_mode 1 | before: {channels(run(before))} | optimized: {channels(run(after))}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Conv, training_mode 0 | optimized to Conv, outputs the same
seen: Conv, training_mode 1 | optimized to Conv, outputs others
seen: Conv, training_mode 1 | before: means 0.00 0.00 0.00 0.00, variances 1.00 1.00 1.00 1.00 | optimized: means 1.09 0.23 0.55 2.27, variances 13.87 8.90 22.45 21.29
seen: Gemm, training_mode 0 | optimized to Gemm, outputs the same
seen: Gemm, training_mode 1 | optimized to Gemm, outputs others
seen: Gemm, training_mode 1 | before: means 0.00 0.00 0.00 0.00, variances 1.00 1.00 1.00 1.00 | optimized: means 0.11 0.38 0.62 0.28, variances 2.38 0.22 0.33 0.24
EOF
