#!/usr/bin/env bash
# sinabs 3.1.3, NIR 1.0.4: an LIF layer read back from NIR takes its inputs ten times as large, and its synapses are gone.
#
# With the default norm_input=True the input counts 1 - exp(-1/tau), a tenth for a tau of 10. to_nir writes r = 1 with and without it, which is right
# with it, since NIR's equation is tau dv/dt = -v + R I; from_nir makes a layer with norm_input=False of it, where the input counts whole. The spikes
# of a neuron here are 2 before and 43 after. The synaptic time constant tau_syn is left out without a word as well: NIR's CubaLIF would have it, a
# LIF has not. A layer with norm_input=False comes back as it was, but its file says something else: by NIR's equation, with an input of 0.35, it
# stays below 0.35 for ever and never spikes, where sinabs has 9 spikes.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 h5py==3.16.0 matplotlib==3.11.2 pbr==7.1.3
python/bin/pip install --quiet --disable-pip-version-check --no-deps sinabs==3.1.3 nir==1.0.4 nirtorch==2.0.2
cat >try.py <<'EOF'
import torch
from sinabs.layers import LIFSqueeze
from sinabs.nir import from_nir, to_nir

steps = 30


def value(number):
    return torch.tensor([number])


for name, current, options in [("defaults", 1.5, {}), ("tau_syn=5", 1.5, {"tau_syn": value(5.0)}), ("norm_input=False", 0.35, {"norm_input": False})]:
    network = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), LIFSqueeze(tau_mem=value(10.0), spike_threshold=value(1.0), batch_size=1, **options))
    with torch.no_grad():
        network[0].weight.fill_(current)
    before = network(torch.ones(steps, 1)).sum().item()
    network[1].reset_states()
    graph = to_nir(network, torch.ones(1, 1))
    [neuron] = [node for node in graph.nodes.values() if type(node).__name__ == "LIF"]
    after = from_nir(graph, batch_size=1)(torch.ones(steps, 1))
    after = (after[0] if isinstance(after, tuple) else after).sum().item()
    # NIR's equation in fine steps, in time constants as long as sinabs's ten steps, with the threshold taken off as sinabs does.
    potential, spikes, fine = 0.0, 0, 1000
    for _ in range(steps * fine):
        potential += (neuron.r.item() * current - potential) / neuron.tau.item() / fine
        if potential >= 1:
            potential -= 1
            spikes += 1
    print(f"seen: {name}, input {current}, {steps} steps | sinabs {before:.0f} spikes | written as {type(neuron).__name__}, tau {neuron.tau.item():.0f}, r {neuron.r.item():.0f} | by NIR's equation {spikes} | read back by sinabs {after:.0f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: defaults, input 1.5, 30 steps | sinabs 2 spikes | written as LIF, tau 10, r 1 | by NIR's equation 2 | read back by sinabs 43
seen: tau_syn=5, input 1.5, 30 steps | sinabs 15 spikes | written as LIF, tau 10, r 1 | by NIR's equation 2 | read back by sinabs 43
seen: norm_input=False, input 0.35, 30 steps | sinabs 9 spikes | written as LIF, tau 10, r 1 | by NIR's equation 0 | read back by sinabs 9
EOF
