#!/usr/bin/env bash
# mlx-snn 0.5.0, NIR 1.0.8: a neuron's gains in NIR, r and w_in, are not read, and w_in is written as 1, so that inputs are several times too large or too small.
#
# NIR's LIF is tau dv/dt = -v + r I. At each step dt the input counts r dt / tau: with r = 1, as other libraries write it, a tenth for a neuron that
# keeps nine tenths. import_from_nir reads the same neuron for all r, with the input as it is. Here it spikes at all of 30 steps and should twice. The
# other way round, the Synaptic neuron it writes has w_in = 1, although its current takes in the whole input, for which w_in = tau_syn / dt. snnTorch,
# which reads w_in, then has 6 spikes in place of 27.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 h5py==3.16.0 "mlx[cpu]==0.32.4"
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0 nir==1.0.8 nirtorch==2.6 mlx-snn==0.5.0
cat >try.py <<'EOF'
import mlx.core as mx
import mlx.nn as nn
import mlxsnn
import nir
import numpy as np
import torch
from snntorch.import_nir import import_from_nir as into_snntorch

steps, dt = 30, 1e-4


def by_mlx(network):
    state, count = network.init_states(1), 0
    for _ in range(steps):
        spikes, state = network(mx.ones((1, 1)), state)
        count += int(spikes.item())
    return count


def by_snntorch(graph):
    network, state, count = into_snntorch(graph), None, 0
    for _ in range(steps):
        spikes, state = network(torch.ones(1, 1), state)
        count += int((spikes[0] if isinstance(spikes, tuple) else spikes).item())
    return count


def chain(**nodes):
    names = list(nodes)
    return nir.NIRGraph(nodes=nodes, edges=list(zip(names, names[1:])))


def value(number):
    return np.array([number], "float32")


for r in [1.0, 5.0, 10.0]:
    current, tau = 1.5, 10 * dt
    potential, right = 0.0, 0
    for _ in range(steps):
        potential += dt / tau * (r * current - potential)
        if potential > 1:
            potential, right = 0.0, right + 1
    neuron = nir.LIF(tau=value(tau), r=value(r), v_leak=value(0), v_threshold=value(1))
    graph = chain(input=nir.Input(np.array([1])), weights=nir.Linear(np.array([[current]], "float32")), neuron=neuron, output=nir.Output(np.array([1])))
    print(f"seen: LIF with r {r:.0f}, input {current}, {steps} steps | by NIR's equation {right} spikes | mlx-snn {by_mlx(mlxsnn.import_from_nir(graph))}")

weights = nn.Linear(1, 1, bias=False)
weights.weight = mx.array([[0.3]])
neuron = mlxsnn.Synaptic(alpha=0.8, beta=0.9, reset_mechanism="zero")
count, state = 0, neuron.init_state(1, 1)
for _ in range(steps):
    spikes, state = neuron(weights(mx.ones((1, 1))), state)
    count += int(spikes.item())
for name in ["as written", "with w_in = tau_syn / dt"]:
    graph = mlxsnn.export_to_nir([("weights", weights), ("neuron", neuron)], input_shape=(1,))
    node = graph.nodes["neuron"]
    if name != "as written":
        node.w_in = node.tau_syn / dt
    print(f"seen: Synaptic, {count} spikes in mlx-snn, {name} | w_in {node.w_in.item():.0f} | read by snnTorch {by_snntorch(graph)}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: LIF with r 1, input 1.5, 30 steps | by NIR's equation 2 spikes | mlx-snn 30
seen: LIF with r 5, input 1.5, 30 steps | by NIR's equation 15 spikes | mlx-snn 30
seen: LIF with r 10, input 1.5, 30 steps | by NIR's equation 30 spikes | mlx-snn 30
seen: Synaptic, 27 spikes in mlx-snn, as written | w_in 1 | read by snnTorch 6
seen: Synaptic, 27 spikes in mlx-snn, with w_in = tau_syn / dt | w_in 5 | read by snnTorch 27
EOF
