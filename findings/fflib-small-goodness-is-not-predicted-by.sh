#!/usr/bin/env bash
# FFLib 0.3.0: a network trained for small goodness (maximize=False) predicts the class that it thinks least likely.
#
# The Forward-Forward algorithm can also be run with minus the squared activities: small for true data, large for false. FFLinear has maximize=False
# for it and trains so. TryAllClasses goes on taking the class with the largest sum. On five well separated blobs a network trained with maximize=True
# is right in all of 500 cases, one trained with maximize=False in none, while its smallest sum is right in all. FFSuite measures accuracy by the
# same probe and reports 0.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 tqdm==4.70.1
python/bin/pip install --quiet --disable-pip-version-check --no-deps fflib==0.3.0
cat >try.py <<'EOF'
import torch
from fflib.nn.ff_linear import FFLinear
from fflib.nn.ff_net import FFNet
from fflib.probes.one_hot import TryAllClasses

torch.manual_seed(0)
classes, features = 5, 10


def examples(count):
    labels = torch.randint(0, classes, (count,))
    return torch.rand(count, features) + 1.5 * torch.eye(classes, features)[labels], labels


def joined(inputs, labels):
    return torch.cat([torch.nn.functional.one_hot(labels, classes).float(), inputs], 1)


inputs, labels = examples(1000)
test_inputs, test_labels = examples(500)
for maximize in [True, False]:
    network = FFNet([FFLinear(classes + features, 100, 0.5, 0.01, maximize=maximize), FFLinear(100, 100, 0.5, 0.01, maximize=maximize)], None)
    for _ in range(300):
        wrong = (labels + torch.randint(1, classes, labels.shape)) % classes
        network.run_train_combined(joined(inputs, labels), joined(inputs, wrong))
    probe = TryAllClasses(lambda inputs, encoded: network(torch.cat([encoded, inputs], 1)), classes)
    with torch.no_grad():
        right = (probe.predict(test_inputs) == test_labels).float().mean().item()
        smallest = (probe.class_goodness(test_inputs).argmin(1) == test_labels).float().mean().item()
    print(f"seen: maximize={maximize} | TryAllClasses is right in {right:.0%} | the smallest goodness is in {smallest:.0%}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: maximize=True | TryAllClasses is right in 100% | the smallest goodness is in 0%
seen: maximize=False | TryAllClasses is right in 0% | the smallest goodness is in 100%
EOF
