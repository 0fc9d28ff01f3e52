#!/usr/bin/env bash
# tinygrad 0.14.0: a loss that is told to ignore the label -1 ignores nothing: its mean is over all examples.
#
# sparse_categorical_crossentropy has ignore_index=-1 as its default and takes it for "none". Given by hand, for labels of which -1 marks those that are
# to be left out, it does the same: their own loss is 0, since no class is -1, but they count as examples, so that half of them halve the loss and the
# gradient; with label smoothing they add to it as well. The same labels marked by -100 are left out, as in PyTorch.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tinygrad==0.14.0
cat >try.py <<'EOF'
import os

os.environ["DEV"] = "PYTHON"  # tinygrad's own interpreter: needs no compiler
from tinygrad import Tensor

logits = Tensor([[0.5, -1.0, 2.0], [1.0, 0.0, -1.0], [-0.5, 0.3, 0.2], [2.0, 1.0, 0.0]])
for smoothing in [0.0, 0.1]:
    for mark in [-100, -1]:
        loss = lambda rows, labels: logits[rows].sparse_categorical_crossentropy(Tensor(labels), ignore_index=mark, label_smoothing=smoothing).item()
        print("seen: smoothing", smoothing, "| two of four ignored by", mark, "%.4f" % loss([0, 1, 2, 3], [0, mark, 1, mark]), "| the two others alone", "%.4f" % loss([0, 2], [0, 1]))
EOF
python/bin/python try.py | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: smoothing 0.0 | two of four ignored by -100 1.2987 | the two others alone 1.2987
seen: smoothing 0.0 | two of four ignored by -1 0.6494 | the two others alone 1.2987
seen: smoothing 0.1 | two of four ignored by -100 1.3137 | the two others alone 1.3137
seen: smoothing 0.1 | two of four ignored by -1 0.7273 | the two others alone 1.3137
EOF
