#!/usr/bin/env bash
# snnTorch 1.0.0, NIR 1.0.8: an integrate-and-fire neuron read from NIR leaks a tenth at every step.
#
# NIR's IF is dv/dt = R I without a leak. import_from_nir makes a Leaky with beta=0.9 of it, and says nothing, so that a neuron with an input of 0.15
# spikes at every eleventh step instead of every seventh, and one with an input of 0.08 never instead of every thirteenth. beta=1 would be it.
# Networks converted from ReLU networks are of such neurons throughout, and their rates are the point of them.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 h5py==3.16.0
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0 nir==1.0.8 nirtorch==2.6
cat >try.py <<'EOF'
import nir
import numpy as np
import snntorch
import torch
from snntorch.import_nir import import_from_nir

steps = 60


def imported(current):
    graph = nir.NIRGraph(
        nodes={"input": nir.Input(np.array([1])), "neuron": nir.IF(r=np.ones(1), v_threshold=np.ones(1)), "output": nir.Output(np.array([1]))},
        edges=[("input", "neuron"), ("neuron", "output")],
    )
    module, state, times = import_from_nir(graph), None, []
    for step in range(1, steps + 1):
        (spikes, _), state = module(torch.full((1, 1), current), state)
        if spikes.item():
            times.append(step)
    return times, module


def by_hand(current):
    potential, times = 0.0, []
    for step in range(1, steps + 1):
        potential += current
        if potential > 1:
            potential = 0.0
            times.append(step)
    return times


for current in [0.3, 0.15, 0.08]:
    times, module = imported(current)
    print(f"seen: input {current}, {steps} steps | by hand, spikes at", *by_hand(current), "| snnTorch", *times)
[neuron] = [part for part in module.modules() if isinstance(part, snntorch.Leaky)]
print(f"seen: it is a {type(neuron).__name__} with beta {neuron.beta:.1f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: input 0.3, 60 steps | by hand, spikes at 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60 | snnTorch 4 8 12 16 20 24 28 32 36 40 44 48 52 56 60
seen: input 0.15, 60 steps | by hand, spikes at 7 14 21 28 35 42 49 56 | snnTorch 11 22 33 44 55
seen: input 0.08, 60 steps | by hand, spikes at 13 26 39 52 | snnTorch
seen: it is a Leaky with beta 0.9
EOF
