#!/usr/bin/env bash
# skl2onnx 1.20.0: Normalizer("max") turns signs round, MaxAbsScaler(clip=True) doesn't clip, and a missing value becomes -3 by Yeo-Johnson's power.
#
# scikit-learn's Normalizer divides a row by its largest absolute value, and the converted one by its largest value: 1 -4 2 becomes 0.5 -2 1, and a row of
# negative numbers positive. MaxAbsScaler's clip is passed over (MinMaxScaler's isn't). PowerTransformer leaves NaN as it is, for an imputer that comes
# after it; converted, Yeo-Johnson's gives a number, here one far below all others, and the imputer has nothing to do; Box-Cox's keeps NaN. None of this
# is said when converting.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 skl2onnx==1.20.0 scikit-learn==1.8.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnxruntime
from skl2onnx import to_onnx
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, Normalizer, PowerTransformer, StandardScaler

show = lambda array: " / ".join(" ".join(f"{value:.2f}" for value in np.atleast_1d(row)) for row in np.asarray(array))


def compare(name, model, training, inputs):
    model.fit(training)
    session = onnxruntime.InferenceSession(to_onnx(model, training[:1]).SerializeToString(), providers=["CPUExecutionProvider"])
    converted = session.run(None, {"X": inputs})[0]
    print("seen:", name, "| scikit-learn", show(model.transform(inputs)), "| ONNX", show(converted))


rows = np.array([[1, -4, 2], [-1, -2, -3], [3, 1, 2]], "float32")
for norm in ["max", "l1", "l2"]:
    compare(f"Normalizer {norm}", Normalizer(norm), rows, rows)
column, larger = np.array([[-2], [1], [4]], "float32"), np.array([[-6], [1], [8]], "float32")
compare("MaxAbsScaler clip", MaxAbsScaler(clip=True), column, larger)
compare("MinMaxScaler clip", MinMaxScaler(clip=True), column, larger)
missing = np.array([[1], [2], [4], [np.nan], [9]], "float32")
compare("StandardScaler", StandardScaler(), missing, missing)
for method in ["box-cox", "yeo-johnson"]:
    compare(f"PowerTransformer {method}", PowerTransformer(method), missing, missing)
compare("PowerTransformer yeo-johnson, then the mean for what is missing", make_pipeline(PowerTransformer(), SimpleImputer()), missing, missing)
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Normalizer max | scikit-learn 0.25 -1.00 0.50 / -0.33 -0.67 -1.00 / 1.00 0.33 0.67 | ONNX 0.50 -2.00 1.00 / 1.00 2.00 3.00 / 1.00 0.33 0.67
seen: Normalizer l1 | scikit-learn 0.14 -0.57 0.29 / -0.17 -0.33 -0.50 / 0.50 0.17 0.33 | ONNX 0.14 -0.57 0.29 / -0.17 -0.33 -0.50 / 0.50 0.17 0.33
seen: Normalizer l2 | scikit-learn 0.22 -0.87 0.44 / -0.27 -0.53 -0.80 / 0.80 0.27 0.53 | ONNX 0.22 -0.87 0.44 / -0.27 -0.53 -0.80 / 0.80 0.27 0.53
seen: MaxAbsScaler clip | scikit-learn -1.00 / 0.25 / 1.00 | ONNX -1.50 / 0.25 / 2.00
seen: MinMaxScaler clip | scikit-learn 0.00 / 0.50 / 1.00 | ONNX 0.00 / 0.50 / 1.00
seen: StandardScaler | scikit-learn -0.97 / -0.65 / 0.00 / nan / 1.62 | ONNX -0.97 / -0.65 / 0.00 / nan / 1.62
seen: PowerTransformer box-cox | scikit-learn -1.34 / -0.44 / 0.42 / nan / 1.36 | ONNX -1.34 / -0.44 / 0.42 / nan / 1.36
seen: PowerTransformer yeo-johnson | scikit-learn -1.30 / -0.48 / 0.40 / nan / 1.38 | ONNX -1.30 / -0.48 / 0.40 / -3.00 / 1.38
seen: PowerTransformer yeo-johnson, then the mean for what is missing | scikit-learn -1.30 / -0.48 / 0.40 / 0.00 / 1.38 | ONNX -1.30 / -0.48 / 0.40 / -3.00 / 1.38
EOF
