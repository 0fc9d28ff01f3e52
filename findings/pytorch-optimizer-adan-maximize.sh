#!/usr/bin/env bash
# pytorch-optimizer 4.1.0: Adan(maximize=True) does not take the steps that Adan takes for the same function turned upside down.
#
# Adan adds the averaged difference of gradients. There is none at the first step, where the gradient before is taken to be the first itself. It is
# noted before maximize turns the gradient's sign, so that the first difference is of two gradients of opposite signs, twice the gradient. The first
# step is still right, since it is divided by its own size; both averages then hold a change that never was, and the steps after it are too large, or
# of the opposite sign where gradients turn. With foreach and without, the same. AdamW, here, and the other optimizers of this package that have
# maximize take the same steps both ways.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
python/bin/pip install --quiet --disable-pip-version-check --no-deps pytorch_optimizer==4.1.0
cat >try.py <<'EOF'
import torch
from pytorch_optimizer import Adan, AdamW

gradients = [1.0, 2.0, -1.0, 0.5, 3.0, -2.0]


def steps(optimizer, sign, **options):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = optimizer([weight], lr=0.1, **options)
    taken = []
    for gradient in gradients:
        before = weight.item()
        weight.grad = torch.tensor([sign * gradient])
        optimizer.step()
        taken.append(weight.item() - before)
    return " ".join(f"{step + 0.0:.4f}" for step in taken)


print("seen: gradients to go against", *gradients)
for optimizer in [AdamW, Adan]:
    print(f"seen: {optimizer.__name__} |", steps(optimizer, 1))
    for foreach in [False, True]:
        print(f"seen: {optimizer.__name__}, maximize=True, opposite gradients, foreach={foreach} |", steps(optimizer, -1, maximize=True, foreach=foreach))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: gradients to go against 1.0 2.0 -1.0 0.5 3.0 -2.0
seen: AdamW | -0.1000 -0.0964 -0.0418 -0.0451 -0.0662 -0.0268
seen: AdamW, maximize=True, opposite gradients, foreach=False | -0.1000 -0.0964 -0.0418 -0.0451 -0.0662 -0.0268
seen: AdamW, maximize=True, opposite gradients, foreach=True | -0.1000 -0.0964 -0.0418 -0.0451 -0.0662 -0.0268
seen: Adan | -0.1000 -0.0907 0.0014 -0.0194 -0.0469 0.0001
seen: Adan, maximize=True, opposite gradients, foreach=False | -0.1000 -0.0995 -0.0164 -0.0311 -0.0530 -0.0057
seen: Adan, maximize=True, opposite gradients, foreach=True | -0.1000 -0.0995 -0.0164 -0.0311 -0.0530 -0.0057
EOF
