#!/usr/bin/env bash
# TorchMetrics 1.9.0: the ranking loss of equal scores goes by the labels' order: 0, the best, if the true label is the last.
#
# The loss is the share of pairs of a true and a false label that are in the wrong order, and two equal scores are not in the right one: scikit-learn
# counts them as wrong, so that a network that gives the same score to all labels has the worst loss, 1. TorchMetrics sorts, and what is equal is in
# the order in which it stands: the same network has a loss of 1 for examples whose true label is the first and of 0 for those whose it is the last.
# Scores that are rounded, saturated or of a rectified layer have many that are equal.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 torchmetrics==1.9.0 scikit-learn==1.9.1
cat >try.py <<'EOF'
import torch
from sklearn.metrics import label_ranking_loss
from torchmetrics.functional.classification import multilabel_ranking_loss

for name, scores, labels in [
    ("different scores", [[0.9, 0.2, 0.5]], [[0, 0, 1]]),
    ("equal scores, the first label is true", [[0.5, 0.5, 0.5]], [[1, 0, 0]]),
    ("equal scores, the second label is true", [[0.5, 0.5, 0.5]], [[0, 1, 0]]),
    ("equal scores, the last label is true", [[0.5, 0.5, 0.5]], [[0, 0, 1]]),
    ("two silent labels of a rectified layer, the last is true", [[0.7, 0.0, 0.0]], [[1, 0, 1]]),
    ("two silent labels of a rectified layer, the second is true", [[0.7, 0.0, 0.0]], [[1, 1, 0]]),
]:
    ours = multilabel_ranking_loss(torch.tensor(scores), torch.tensor(labels), num_labels=3)
    print(f"seen: {name} | scikit-learn {label_ranking_loss(labels, scores):.2f} | TorchMetrics {ours:.2f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: different scores | scikit-learn 0.50 | TorchMetrics 0.50
seen: equal scores, the first label is true | scikit-learn 1.00 | TorchMetrics 1.00
seen: equal scores, the second label is true | scikit-learn 1.00 | TorchMetrics 0.50
seen: equal scores, the last label is true | scikit-learn 1.00 | TorchMetrics 0.00
seen: two silent labels of a rectified layer, the last is true | scikit-learn 0.50 | TorchMetrics 0.00
seen: two silent labels of a rectified layer, the second is true | scikit-learn 0.50 | TorchMetrics 0.50
EOF
