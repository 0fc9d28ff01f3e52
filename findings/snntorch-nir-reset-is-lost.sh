#!/usr/bin/env bash
# snnTorch 1.0.0, NIR 1.0.8: a network written to NIR and read back resets its neurons to 0, whatever it did before.
#
# Leaky takes the threshold off when it spikes, unless told otherwise; reset_mechanism is also "zero" and "none". NIR's neurons go to v_reset, and
# export_to_nir writes v_reset = 0 for all three. It is documented as an inverse of import_from_nir, which makes reset_mechanism="zero" of everything.
# Neither says anything. With the default, a neuron here spikes 8 times in 30 steps before and 7 times after; with "none", 27 times and 7.
# spikingjelly's export refuses what takes the threshold off, as NIR cannot say it.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 h5py==3.16.0
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0 nir==1.0.8 nirtorch==2.6
cat >try.py <<'EOF'
import contextlib
import io

import snntorch
import torch
from snntorch import utils
from snntorch.export_nir import export_to_nir
from snntorch.import_nir import import_from_nir

steps = 30
one = torch.ones(1, 1)


def spikes_of(call):
    times = []
    for step in range(1, steps + 1):
        spikes = call()
        if spikes.item():
            times.append(step)
    return times


for mechanism in ["subtract", "zero", "none"]:
    neuron = snntorch.Leaky(beta=torch.tensor([0.9]), threshold=torch.tensor([1.0]), reset_mechanism=mechanism, init_hidden=True, output=True)
    network = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), neuron)
    with torch.no_grad():
        network[0].weight.fill_(0.35)
    before = spikes_of(lambda: network(one)[0])
    utils.reset(network)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        back, state = import_from_nir(export_to_nir(network, one, ignore_dims=[0])), None

    def step():
        global state
        result, state = back(one, state)
        return result[0] if isinstance(result, tuple) else result

    after = spikes_of(step)
    print(f"seen: {mechanism}, {steps} steps | before, {len(before)} spikes at", *before, "|", f"read back, {len(after)} spikes at", *after, "| a word about it:", "reset" in printed.getvalue())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: subtract, 30 steps | before, 8 spikes at 4 7 11 15 18 22 26 29 | read back, 7 spikes at 4 8 12 16 20 24 28 | a word about it: False
seen: zero, 30 steps | before, 7 spikes at 4 8 12 16 20 24 28 | read back, 7 spikes at 4 8 12 16 20 24 28 | a word about it: False
seen: none, 30 steps | before, 27 spikes at 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 | read back, 7 spikes at 4 8 12 16 20 24 28 | a word about it: False
EOF
