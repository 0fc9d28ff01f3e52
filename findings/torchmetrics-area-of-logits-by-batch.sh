#!/usr/bin/env bash
# TorchMetrics 1.9.0: the area under the curve of logits depends on how they are divided into batches.
#
# Scores outside of [0, 1] are taken for logits and made probabilities. That is decided for each update() anew: a batch whose logits all happen to be
# between 0 and 1 stays as it is, and a logit of 0.1, which would be a probability of 0.52, is ranked as 0.1 among the others. Of a network whose
# logits are still small, with 2,000 examples here, the area is 0.833 by scikit-learn and in one update, 0.819 in batches of 16 and 0.774 in batches
# of 4, and would be another one if the examples were in another order. BinaryAveragePrecision is alike. Give probabilities.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 torchmetrics==1.9.0 scikit-learn==1.9.1
cat >try.py <<'EOF'
import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torchmetrics.classification import BinaryAUROC, BinaryAveragePrecision

random = np.random.RandomState(0)
labels = random.randint(0, 2, 2000)
logits = (0.3 * random.randn(2000) + 0.4 * labels + 0.2).astype("float32")
print(f"seen: scikit-learn | area {roc_auc_score(labels, logits):.3f} | average precision {average_precision_score(labels, logits):.3f}")
for scores, name in [(torch.tensor(logits), "logits"), (torch.tensor(logits).sigmoid(), "probabilities")]:
    for batch in [2000, 32, 16, 8, 4]:
        area, precision = BinaryAUROC(), BinaryAveragePrecision()
        for start in range(0, 2000, batch):
            for metric in (area, precision):
                metric.update(scores[start : start + batch], torch.tensor(labels[start : start + batch]))
        print(f"seen: {name}, batches of {batch} | area {area.compute():.3f} | average precision {precision.compute():.3f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: scikit-learn | area 0.833 | average precision 0.832
seen: logits, batches of 2000 | area 0.833 | average precision 0.832
seen: logits, batches of 32 | area 0.828 | average precision 0.827
seen: logits, batches of 16 | area 0.819 | average precision 0.818
seen: logits, batches of 8 | area 0.797 | average precision 0.811
seen: logits, batches of 4 | area 0.774 | average precision 0.792
seen: probabilities, batches of 2000 | area 0.833 | average precision 0.832
seen: probabilities, batches of 32 | area 0.833 | average precision 0.832
seen: probabilities, batches of 16 | area 0.833 | average precision 0.832
seen: probabilities, batches of 8 | area 0.833 | average precision 0.832
seen: probabilities, batches of 4 | area 0.833 | average precision 0.832
EOF
