#!/usr/bin/env bash
# snnTorch 1.0.0: two of its surrogate gradients, SFS and spike_rate_escape, are not about the threshold but above it.
#
# Neurons hand over their membrane potential less the threshold, U. The sparse fast sigmoid, after the paper it names (Perez-Nieves and Goodman 2021),
# is for potentials near the threshold: |U| < B. Here it is U > B, so that with the default B = 1 a neuron at its threshold has a gradient of 0, and
# none has one below twice the threshold: nothing learns. The escape rate is documented as exp(-β|U - 1|), largest at a potential of 1, the threshold;
# 1 is taken off twice, so that the largest gradient is at twice the threshold. fast_sigmoid and atan are largest at the threshold.
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

potentials = [0.5, 0.9, 1.0, 1.1, 1.5, 2.0, 2.5]
print("seen: membrane potentials, threshold 1 |", *potentials)
for name, function in {"fast_sigmoid": surrogate.fast_sigmoid(), "atan": surrogate.atan(), "SFS": surrogate.SFS(), "SFS(B=0.2)": surrogate.SFS(B=0.2), "spike_rate_escape": surrogate.spike_rate_escape(slope=1)}.items():
    inputs = torch.tensor([potentials], requires_grad=True)
    spikes, _ = snntorch.Leaky(beta=0.9, threshold=1.0, spike_grad=function)(inputs, torch.zeros(1, len(potentials)))
    spikes.sum().backward()
    print(f"seen: gradient by {name} |", " ".join(f"{gradient:.4f}" for gradient in inputs.grad[0].tolist()))
inside = [(25 * abs(potential - 1) + 1) ** -2 if abs(potential - 1) < 0.2 else 0 for potential in potentials]
print("seen: by the paper, B=0.2 |", " ".join(f"{gradient:.4f}" for gradient in inside))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: membrane potentials, threshold 1 | 0.5 0.9 1.0 1.1 1.5 2.0 2.5
seen: gradient by fast_sigmoid | 0.0055 0.0816 1.0000 0.0816 0.0055 0.0015 0.0007
seen: gradient by atan | 0.2884 0.9102 1.0000 0.9102 0.2884 0.0920 0.0431
seen: gradient by SFS | 0.0000 0.0000 0.0000 0.0000 0.0000 0.0000 0.0007
seen: gradient by SFS(B=0.2) | 0.0000 0.0000 0.0000 0.0000 0.0055 0.0015 0.0007
seen: gradient by spike_rate_escape | 0.2231 0.3329 0.3679 0.4066 0.6065 1.0000 0.6065
seen: by the paper, B=0.2 | 0.0000 0.0816 1.0000 0.0816 0.0000 0.0000 0.0000
EOF
