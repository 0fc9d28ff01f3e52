#!/usr/bin/env bash
# ONNX 1.23.2: of targets to be ignored, the reference's NegativeLogLikelihoodLoss makes another mean than its SoftmaxCrossEntropyLoss; its LogSoftmax is -inf from 104 below.
#
# The mean is over the targets that count, by the specification and in ONNX Runtime and PyTorch: 1.0 here. The reference's first loss divides by all
# targets, its second does not. LogSoftmax takes the logarithm of the softmax, so that the loss of an example that is far off is infinite.
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


floats = lambda *values: np.array(values, np.float32)
log_probabilities, targets = floats([-1, -2, -3], [-1, -1, -1]), np.array([0, -1], np.int64)
show("NegativeLogLikelihoodLoss, one of two ignored", both("NegativeLogLikelihoodLoss", [log_probabilities, targets], ignore_index=-1))
show("SoftmaxCrossEntropyLoss, one of two ignored", both("SoftmaxCrossEntropyLoss", [floats([2, 0, 1], [1, 1, 1]), targets], ignore_index=-1))
show("LogSoftmax of 0, -100, -110", both("LogSoftmax", [floats([0, -100, -110])]))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: NegativeLogLikelihoodLoss, one of two ignored: reference 0.5000
seen: NegativeLogLikelihoodLoss, one of two ignored: ONNX Runtime 1.0000
seen: SoftmaxCrossEntropyLoss, one of two ignored: reference 0.4076
seen: SoftmaxCrossEntropyLoss, one of two ignored: ONNX Runtime 0.4076
seen: LogSoftmax of 0, -100, -110: reference 0.0000 -99.9831 -inf
seen: LogSoftmax of 0, -100, -110: ONNX Runtime 0.0000 -100.0000 -110.0000
EOF
