#!/usr/bin/env bash
# TorchMetrics 1.9.0: the hinge loss of a negative example is 1 or more, however well it is told apart; it should be 0 from a margin of 1 on.
#
# The formula it states, max(0, 1 - y ŷ) for a real ŷ, is what scikit-learn and others work out. Scores outside of [0, 1] are taken for logits and
# made probabilities first, as for metrics that only rank, and then there is no score below 0 any more: the loss of a negative example is 1 +
# sigmoid(ŷ), that of a positive one 1 - sigmoid(ŷ). Three scores with margins of 2 and more have a loss of 0.74 in place of 0, and one that is wrong
# by 100 a loss of 1 in place of 101. Scores that all happen to be in [0, 1] are left as they are. The loss of several classes does so by softmax;
# PyTorch's multi_margin_loss doesn't.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 torchmetrics==1.9.0 scikit-learn==1.9.1
cat >try.py <<'EOF'
import torch
from sklearn.metrics import hinge_loss
from torchmetrics.functional.classification import binary_hinge_loss, multiclass_hinge_loss

for name, scores, labels in [
    ("all told apart by 2 or more", [-2.0, 3.0, -3.0], [0, 1, 0]),
    ("a negative one, told apart by 50", [-50.0], [0]),
    ("a positive one, wrong by 100", [-100.0], [1]),
    ("scores between 0 and 1", [0.25, 0.75, 0.5], [0, 1, 1]),
    ("the same with one above 1", [0.25, 1.75, 0.5], [0, 1, 1]),
]:
    by_hand = sum(max(0, 1 - (2 * label - 1) * score) for score, label in zip(scores, labels)) / len(scores)
    by_sklearn = hinge_loss([*labels, 0, 1], [*scores, -9.0, 9.0]) * (len(scores) + 2) / len(scores)
    print(f"seen: {name} | by its formula {by_hand:.3f} | scikit-learn {by_sklearn:.3f} | TorchMetrics {binary_hinge_loss(torch.tensor(scores), torch.tensor(labels)):.3f}")

scores, labels = [[3.0, 0.0, -1.0], [0.0, 2.0, 0.0]], [0, 1]
print(f"seen: three classes, told apart by 2 or more | scikit-learn {hinge_loss(labels, scores, labels=[0, 1, 2]):.3f} | PyTorch's multi_margin_loss {torch.nn.functional.multi_margin_loss(torch.tensor(scores), torch.tensor(labels)):.3f} | TorchMetrics {multiclass_hinge_loss(torch.tensor(scores), torch.tensor(labels), num_classes=3):.3f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: all told apart by 2 or more | by its formula 0.000 | scikit-learn 0.000 | TorchMetrics 0.738
seen: a negative one, told apart by 50 | by its formula 0.000 | scikit-learn 0.000 | TorchMetrics 1.000
seen: a positive one, wrong by 100 | by its formula 101.000 | scikit-learn 101.000 | TorchMetrics 1.000
seen: scores between 0 and 1 | by its formula 0.667 | scikit-learn 0.667 | TorchMetrics 0.667
seen: the same with one above 1 | by its formula 0.583 | scikit-learn 0.583 | TorchMetrics 0.696
seen: three classes, told apart by 2 or more | scikit-learn 0.000 | PyTorch's multi_margin_loss 0.000 | TorchMetrics 0.215
EOF
