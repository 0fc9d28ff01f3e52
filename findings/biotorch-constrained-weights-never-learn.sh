#!/usr/bin/env bash
# BioTorch 0.0.16: with constrain_weights the weights don't learn at all.
#
# The option keeps the norm of each layer's weights as it was at first. It does so by putting a new parameter in the place of the old one at each
# forward pass, while the optimizer goes on updating the one it was given. After 20 steps of SGD the layers' weights still have the directions
# they began with; only biases have learnt, so that the loss goes down a little. The same with fa, dfa and the sign-concordant rules.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
python/bin/pip install --quiet --disable-pip-version-check --no-deps biotorch==0.0.16
cat >try.py <<'EOF'
import torch
from biotorch.module.biomodule import BioModule
from torch import nn


def learnt(mode, constrain):
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 5))
    options = {"constrain_weights": constrain, "gradient_clip": False, "init": "xavier"}
    model = BioModule(network, mode=mode, layer_config={"type": mode, "options": options}, output_dim=5)
    inputs, targets, loss = torch.randn(64, 20), torch.randint(0, 5, (64,)), nn.functional.cross_entropy
    direction = lambda: [nn.functional.normalize(layer.weight.detach().flatten(), dim=0) for layer in network[::2]]
    before = direction()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        optimizer.zero_grad()
        loss(model(inputs, targets, loss), targets).backward()
        optimizer.step()
    return [not torch.allclose(now, then, atol=1e-6) for now, then in zip(direction(), before)]


for mode in ["fa", "dfa", "usf"]:
    for constrain in [False, True]:
        print("seen:", mode, "constrain_weights", constrain, "| layers that have learnt", learnt(mode, constrain))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: fa constrain_weights False | layers that have learnt [True, True]
seen: fa constrain_weights True | layers that have learnt [False, False]
seen: dfa constrain_weights False | layers that have learnt [True, True]
seen: dfa constrain_weights True | layers that have learnt [False, False]
seen: usf constrain_weights False | layers that have learnt [True, True]
seen: usf constrain_weights True | layers that have learnt [False, False]
EOF
