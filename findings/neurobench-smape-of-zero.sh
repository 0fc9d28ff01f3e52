#!/usr/bin/env bash
# NeuroBench 2.3.0: one value that is 0 and predicted to be 0 makes the SMAPE of a whole batch 200, the worst there is.
#
# The error of such a value is 0 / 0. TorchMetrics counts it as 0, since it is right. NeuroBench takes the mean first, which is NaN, and then puts 200
# for it, whatever the other values are. A series that begins with 0, or one that is clipped or rectified, is enough; the score is the same for the
# best and the worst of models.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 torchvision==0.29.2 numpy==2.4.6 torchmetrics==1.9.0 tqdm==4.70.1
python/bin/pip install --quiet --disable-pip-version-check --no-deps neurobench==2.3.0 snntorch==1.0.0
cat >try.py <<'EOF'
import torch
from neurobench.metrics.workload.smape import SMAPE
from torchmetrics import SymmetricMeanAbsolutePercentageError

for name, predictions, targets in [
    ("no zero", [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.1]),
    ("a zero, predicted", [0.0, 2.0, 3.0, 4.0], [0.0, 2.0, 3.0, 4.1]),
    ("all right", [0.0, 2.0, 3.0, 4.0], [0.0, 2.0, 3.0, 4.0]),
    ("all wrong", [0.0, -2.0, -3.0, -4.0], [0.0, 2.0, 3.0, 4.0]),
]:
    predictions, targets = torch.tensor([predictions]), torch.tensor([targets])
    print(f"seen: {name} | NeuroBench {SMAPE()(None, predictions, (None, targets)):.2f} | TorchMetrics {100 * SymmetricMeanAbsolutePercentageError()(predictions, targets):.2f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: no zero | NeuroBench 0.62 | TorchMetrics 0.62
seen: a zero, predicted | NeuroBench 200.00 | TorchMetrics 0.62
seen: all right | NeuroBench 200.00 | TorchMetrics 0.00
seen: all wrong | NeuroBench 200.00 | TorchMetrics 150.00
EOF
