#!/usr/bin/env bash
# snnTorch 1.0.0: the gradient of surrogate.sigmoid is NaN where a neuron is 3.5 below its threshold.
#
# k exp(-kU) / (exp(-kU) + 1)², as documented, is worked out as written: for the default k = 25 the numerator is infinite in float32 from U = -3.42
# on, and so is the denominator. The gradient there is 0 to all digits, and 0 it is from -1.8 on, where only the denominator is infinite. One strongly
# inhibited neuron of one example makes NaN of all weights before it at the next step, and the loss of that step is finite. spikingjelly's and
# PyTorch's own sigmoid have 0. fast_sigmoid and atan of snnTorch are not affected.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0
cat >try.py <<'EOF'
import snntorch
import torch
from snntorch import surrogate


def gradients(function, values):
    inputs = torch.tensor(values, requires_grad=True)
    function(inputs).sum().backward()
    return " ".join(f"{gradient:.4g}" for gradient in inputs.grad.tolist())


values = [-4.0, -3.5, -3.4, -1.0, 0.0, 4.0]
print("seen: distances from the threshold", *values)
print("seen: PyTorch's sigmoid of 25 U |", gradients(lambda inputs: torch.sigmoid(25 * inputs), values))
print("seen: surrogate.sigmoid() |", gradients(surrogate.sigmoid(), values))
print("seen: surrogate.fast_sigmoid() |", gradients(surrogate.fast_sigmoid(), values))

torch.manual_seed(0)
weights = torch.nn.Linear(4, 3)
neurons = snntorch.Leaky(beta=0.9, spike_grad=surrogate.sigmoid())
inputs = torch.rand(8, 4)
with torch.no_grad():
    weights.bias[0] = -4.0
spikes, _ = neurons(weights(inputs), torch.zeros(8, 3))
loss = torch.nn.functional.mse_loss(spikes, torch.ones(8, 3))
loss.backward()
bad = weights.weight.grad.isnan().sum(1).tolist()
print(f"seen: three neurons, the first with a bias of -4: the loss is finite: {bool(loss.isfinite())} | NaN of four in the gradients of each one's weights", *bad)
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: distances from the threshold -4.0 -3.5 -3.4 -1.0 0.0 4.0
seen: PyTorch's sigmoid of 25 U | 0 2.496e-37 3.04e-36 3.472e-10 6.25 0
seen: surrogate.sigmoid() | nan nan 0 3.472e-10 6.25 9.459e-43
seen: surrogate.fast_sigmoid() | 9.803e-05 0.0001277 0.0001352 0.001479 1 9.803e-05
seen: three neurons, the first with a bias of -4: the loss is finite: True | NaN of four in the gradients of each one's weights 4 0 0
EOF
