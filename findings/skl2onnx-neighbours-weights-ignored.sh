#!/usr/bin/env bash
# skl2onnx 1.20.0: weights="distance" of nearest neighbours has no effect: all neighbours count the same.
#
# The distances are multiplied by -1 and then raised to 0.000001 before they are inverted, so that all of them are 0.000001. A regression on the points it was
# fitted to gives each its own value in scikit-learn, and the mean of its five neighbours in ONNX, as weights="uniform" does, in ONNX Runtime and in
# ONNX's reference evaluator alike. The option is read and has nodes of its own in the model, which reach nothing. So a model that was chosen by
# its error is exported with another one, and nothing says so. (Uniform weights are converted rightly.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 skl2onnx==1.20.0 scikit-learn==1.8.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnxruntime
from onnx.reference import ReferenceEvaluator
from skl2onnx import to_onnx
from sklearn.datasets import load_diabetes, load_iris
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor


def exported(model, inputs):
    proto = to_onnx(model, inputs[:1], options={"zipmap": False} if hasattr(model, "classes_") else None)
    session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    if len(inputs) < 10:
        assert np.allclose(session.run(None, {"X": inputs})[0], ReferenceEvaluator(proto).run(None, {"X": inputs})[0])
    return lambda queries: session.run(None, {"X": queries})[-1]


def by_hand(points, values, query, k):
    distances = abs(points[:, 0] - query)
    nearest = np.argsort(distances)[:k]
    return (values[nearest] / distances[nearest]).sum() / (1 / distances[nearest]).sum()


points, values = np.array([[0], [1], [2], [3]], "float32"), np.array([0, 10, 20, 30], "float32")
queries = np.array([[0.25], [0.875], [2.25]], "float32")
show = lambda numbers: " ".join(f"{number:.2f}" for number in np.ravel(numbers))
for weights in ["uniform", "distance"]:
    model = KNeighborsRegressor(3, weights=weights).fit(points, values)
    hand = show([by_hand(points, values, query, 3) for query in queries.ravel()]) if weights == "distance" else "-"
    print(f"seen: values 0 10 20 30 at 0 1 2 3, three neighbours, {weights}, at 0.25 0.875 2.25 | by hand {hand} | scikit-learn {show(model.predict(queries))} | ONNX {show(exported(model, points)(queries))}")
inputs, targets = (array.astype("float32") for array in load_diabetes(return_X_y=True))
for weights in ["uniform", "distance"]:
    model = KNeighborsRegressor(weights=weights).fit(inputs[:300], targets[:300])
    error = lambda outputs, part: f"{np.sqrt(np.mean((np.ravel(outputs) - targets[part]) ** 2)):.1f}"
    run = exported(model, inputs)
    seen = [f"{name} scikit-learn {error(model.predict(inputs[part]), part)}, ONNX {error(run(inputs[part]), part)}" for name, part in {"fitted": slice(0, 300), "new": slice(300, None)}.items()]
    print(f"seen: diabetes, {weights}, root of the mean squared error |", " | ".join(seen))
inputs, labels = load_iris(return_X_y=True)
inputs = inputs.astype("float32")
model = KNeighborsClassifier(15, weights="distance").fit(inputs, labels)
print("seen: iris, 15 neighbours, distance: right of 150 | scikit-learn", int((model.predict(inputs) == labels).sum()), "| ONNX", int((exported(model, inputs)(inputs).argmax(1) == labels).sum()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: values 0 10 20 30 at 0 1 2 3, three neighbours, uniform, at 0.25 0.875 2.25 | by hand - | scikit-learn 10.00 10.00 20.00 | ONNX 10.00 10.00 20.00
seen: values 0 10 20 30 at 0 1 2 3, three neighbours, distance, at 0.25 0.875 2.25 | by hand 4.19 9.75 20.87 | scikit-learn 4.19 9.75 20.87 | ONNX 10.00 10.00 20.00
seen: diabetes, uniform, root of the mean squared error | fitted scikit-learn 50.3, ONNX 50.3 | new scikit-learn 58.6, ONNX 58.6
seen: diabetes, distance, root of the mean squared error | fitted scikit-learn 0.0, ONNX 50.3 | new scikit-learn 58.4, ONNX 58.6
seen: iris, 15 neighbours, distance: right of 150 | scikit-learn 150 | ONNX 148
EOF
