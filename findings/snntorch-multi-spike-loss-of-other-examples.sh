#!/usr/bin/env bash
# snnTorch 1.0.0: mse_temporal_loss(multi_spike=True) of an example depends on the other examples of its batch.
#
# It looks for each neuron's first spike, then takes those spikes away and looks for the second, and so on. What it takes away is the whole time step,
# of all neurons and all examples, if any neuron's first spike was in it. Here the first example's neuron spikes at steps 2 and 5, as it should, and
# has a loss of 0 alone. With a second example in the batch that has its first spike at step 5, the first one's second spike is gone and counts as
# never. Even within an example a neuron loses its second spike to another's first. The loss of a batch is then not the mean of its examples', and it
# changes with the batches' order.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0
cat >try.py <<'EOF'
import torch
from snntorch.functional import mse_temporal_loss

steps = 20


def trains(*examples):
    """Spikes, [steps, examples, neurons], of the steps that each neuron of each example spikes at."""
    spikes = torch.zeros(steps, len(examples), len(examples[0]))
    for example, neurons in enumerate(examples):
        for neuron, times in enumerate(neurons):
            spikes[times, example, neuron] = 1
    return spikes


def loss(*examples):
    targets = torch.zeros(len(examples), dtype=torch.long)
    criterion = mse_temporal_loss(on_target=torch.tensor([2, 5]), off_target=torch.tensor([10, 15]), multi_spike=True)
    times, _ = criterion.spk_time_fn(trains(*examples), targets)
    return criterion(trains(*examples), targets).item(), [[[int(time) for time in times[:, example, neuron]] for neuron in range(2)] for example in range(len(examples))]


first, second, third = ([2, 5], [10, 15]), ([5, 9], [10, 15]), ([2, 5], [5, 15])
for name, batch in {"first": [first], "second": [second], "first and second": [first, second], "third": [third]}.items():
    value, times = loss(*batch)
    print(f"seen: {name}: spikes at {' and '.join(map(str, batch))} | found at {' and '.join(map(str, times))} | loss {value:.4f}")
print(f"seen: mean of first and second alone {(loss(first)[0] + loss(second)[0]) / 2:.4f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: first: spikes at ([2, 5], [10, 15]) | found at [[2, 5], [10, 15]] | loss 0.0000
seen: second: spikes at ([5, 9], [10, 15]) | found at [[5, 9], [10, 15]] | loss 0.0156
seen: first and second: spikes at ([2, 5], [10, 15]) and ([5, 9], [10, 15]) | found at [[2, 19], [10, 15]] and [[5, 9], [10, 15]] | loss 0.0691
seen: third: spikes at ([2, 5], [5, 15]) | found at [[2, 19], [5, 15]] | loss 0.1381
seen: mean of first and second alone 0.0078
EOF
