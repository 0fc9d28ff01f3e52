#!/usr/bin/env bash
# mlx-snn 0.5.0: the surrogate gradient fast_sigmoid, said to be snnTorch's, is 12.5 times as large.
#
# It is documented as matching snnTorch's fast_sigmoid(slope=scale), with the same default of 25. snnTorch's gradient is 1 / (1 + 25 |U|)², 1 at the
# threshold. mlx-snn takes the derivative of a sigmoid from 0 to 1, which is 25 / 2 of that. It is the default of all its neurons, so that a network of it
# taken over from snnTorch with its learning rates has gradients 12.5 times as large behind one layer of neurons and 156 times behind two, and so on with
# each step back in time. straight_through, said to match as well, does, and so does sigmoid.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 "mlx[cpu]==0.32.4"
python/bin/pip install --quiet --disable-pip-version-check --no-deps snntorch==1.0.0 mlx-snn==0.5.0
cat >try.py <<'EOF'
import mlx.core as mx
import mlxsnn
import snntorch
import torch
from mlxsnn.surrogate import get_surrogate
from snntorch import surrogate

distances = [-1.0, -0.1, 0.0, 0.1, 0.5]
print("seen: distances from the threshold |", *distances)
for name, theirs in {"fast_sigmoid": surrogate.fast_sigmoid(), "sigmoid": surrogate.sigmoid(), "straight_through": surrogate.straight_through_estimator()}.items():
    ours = mx.grad(lambda values: get_surrogate(name)(values).sum())(mx.array(distances)).tolist()
    inputs = torch.tensor(distances, requires_grad=True)
    theirs(inputs).sum().backward()
    for library, gradients in [("snnTorch", inputs.grad.tolist()), ("mlx-snn", ours)]:
        print(f"seen: {name}, {library} |", *(f"{gradient:.4f}" for gradient in gradients))

for layers in [1, 2, 3]:
    input = torch.tensor([[1.0]], requires_grad=True)
    values = input
    for _ in range(layers):
        values, _ = snntorch.Leaky(beta=0.9, threshold=0.99, spike_grad=surrogate.fast_sigmoid())(values, torch.zeros(1, 1))
    values.sum().backward()

    def spikes(value):
        for _ in range(layers):
            value, _ = mlxsnn.Leaky(beta=0.9, threshold=0.99)(value, {"mem": mx.zeros((1, 1))})
        return value.sum()

    print(f"seen: {layers} layers of neurons just above their threshold | mlx-snn's gradient over snnTorch's {mx.grad(spikes)(mx.array([[1.0]])).item() / input.grad.item():.1f}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: distances from the threshold | -1.0 -0.1 0.0 0.1 0.5
seen: fast_sigmoid, snnTorch | 0.0015 0.0816 1.0000 0.0816 0.0055
seen: fast_sigmoid, mlx-snn | 0.0185 1.0204 12.5000 1.0204 0.0686
seen: sigmoid, snnTorch | 0.0000 1.7526 6.2500 1.7526 0.0001
seen: sigmoid, mlx-snn | 0.0000 1.7526 6.2500 1.7526 0.0001
seen: straight_through, snnTorch | 1.0000 1.0000 1.0000 1.0000 1.0000
seen: straight_through, mlx-snn | 1.0000 1.0000 1.0000 1.0000 1.0000
seen: 1 layers of neurons just above their threshold | mlx-snn's gradient over snnTorch's 12.5
seen: 2 layers of neurons just above their threshold | mlx-snn's gradient over snnTorch's 156.3
seen: 3 layers of neurons just above their threshold | mlx-snn's gradient over snnTorch's 1953.1
EOF
