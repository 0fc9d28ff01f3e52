#!/usr/bin/env bash
# Norse 1.1.0, NIR 1.0.8: a time constant written to NIR is a thousandth of the neuron's, so that Norse does not read back what it wrote.
#
# A neuron with tau_mem_inv = 100 per second has a time constant of 0.01 seconds, and that is what from_nir takes NIR's tau for: it makes 1 / tau of
# it. to_nir writes dt / tau_mem_inv, 0.00001, with its default dt of 0.001. Read back with the same dt, the neuron's potential makes a hundred times
# the way to its input at each step instead of a tenth of it, and spikes at all steps instead of at every fourth. Other libraries read a time constant
# far shorter than their time step. dt=1 in to_nir is what writes 0.01.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 h5py==3.16.0
python/bin/pip install --quiet --disable-pip-version-check --no-deps norse==1.1.0 nir==1.0.8 nirtorch==2.6
cat >try.py <<'EOF'
import torch
from norse.torch import LIFBoxCell, LIFBoxParameters, SequentialState
from norse.torch.utils.export_nir import to_nir
from norse.torch.utils.import_nir import from_nir

steps = 24
one = torch.ones(1, 1)


def spikes(network):
    state, times = None, []
    for step in range(1, steps + 1):
        outputs, state = network(one, state)
        if outputs.item():
            times.append(step)
    return " ".join(map(str, times))


parameters = LIFBoxParameters(tau_mem_inv=torch.tensor([100.0]), v_leak=torch.tensor([0.0]), v_th=torch.tensor([1.0]), v_reset=torch.tensor([0.0]))
network = SequentialState(torch.nn.Linear(1, 1, bias=False), LIFBoxCell(parameters))
with torch.no_grad():
    network[0].weight.fill_(3)
print(f"seen: before | 1 / tau_mem_inv {1 / parameters.tau_mem_inv.item():.5f} s | spikes at", spikes(network))
for name, options in {"to_nir(network, inputs)": {}, "to_nir(network, inputs, dt=1)": {"dt": 1}}.items():
    graph = to_nir(network, one, **options)
    [neuron] = [node for node in graph.nodes.values() if type(node).__name__ == "LIF"]
    print(f"seen: {name} | tau {neuron.tau.item():.5f} s | read back, spikes at", spikes(from_nir(graph)))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: before | 1 / tau_mem_inv 0.01000 s | spikes at 4 8 12 16 20 24
seen: to_nir(network, inputs) | tau 0.00001 s | read back, spikes at 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24
seen: to_nir(network, inputs, dt=1) | tau 0.01000 s | read back, spikes at 4 8 12 16 20 24
EOF
