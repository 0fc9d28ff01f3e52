#!/usr/bin/env bash
# cka-pytorch 1.1.3: the similarity of a layer with itself goes to 0 where its activations are small; it should be 1.
#
# Centred kernel alignment does not change when all activations are multiplied by a number; that is why layers and networks are compared by it. Here
# 0.0001 is added below the root to a product of two HSICs, each of which goes with the fourth power of the activations. With standard deviations of
# 0.5 nothing is seen of it; a layer with one of 0.07 has a similarity of 0.07 with itself, and one of 0.02 none. Layers of a network, which differ in
# size, are then compared by it. calculate_cka_matrix(…, epsilon=0) gives 1, and so does ckatorch, of the same formula.
# Installs PyTorch with what it needs for CUDA: some gigabytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6 matplotlib==3.11.2 seaborn==0.13.2 safetensors==0.8.0 pyyaml==6.0.4 lightning==2.6.6 tqdm==4.70.1
python/bin/pip install --quiet --disable-pip-version-check --no-deps cka-pytorch==1.1.3 ckatorch==1.0.3
cat >try.py <<'EOF'
import torch
from cka_pytorch import CKACalculator
from ckatorch import cka_batch
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
inputs = torch.randn(256, 20)
loader = DataLoader(TensorDataset(inputs, torch.zeros(256)), batch_size=64)
for scale in [1, 0.3, 0.1, 0.03]:
    torch.manual_seed(1)
    network = torch.nn.Sequential(torch.nn.Linear(20, 10, bias=False), torch.nn.ReLU(), torch.nn.Linear(10, 8, bias=False))
    with torch.no_grad():
        network[0].weight.mul_(scale)
        first, last = network[0](inputs), network(inputs)

    def similarities(**options):
        calculator = CKACalculator(network, network, model1_layers=["0", "2"], verbose=False)
        matrix = calculator.calculate_cka_matrix(loader, num_epochs=1, **options)
        return " ".join(f"{matrix[place].item():.3f}" for place in [(0, 0), (1, 1), (0, 1)])

    batches = [layer.reshape(4, 64, -1) for layer in (first, last)]
    others = " ".join(f"{cka_batch(batches[one], batches[other]).item():.3f}" for one, other in [(0, 0), (1, 1), (0, 1)])
    print(f"seen: standard deviations {first.std():.2f} and {last.std():.3f} | first with itself, last with itself, first with last: cka-pytorch {similarities()} | epsilon=0 {similarities(epsilon=0)} | ckatorch {others}")
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: standard deviations 0.56 and 0.223 | first with itself, last with itself, first with last: cka-pytorch 1.000 0.993 0.519 | epsilon=0 1.000 1.000 0.519 | ckatorch 1.000 1.000 0.519
seen: standard deviations 0.17 and 0.067 | first with itself, last with itself, first with last: cka-pytorch 0.980 0.067 0.259 | epsilon=0 1.000 1.000 0.519 | ckatorch 1.000 1.000 0.519
seen: standard deviations 0.06 and 0.022 | first with itself, last with itself, first with last: cka-pytorch 0.061 0.001 0.004 | epsilon=0 1.000 1.000 0.519 | ckatorch 1.000 1.000 0.519
seen: standard deviations 0.02 and 0.007 | first with itself, last with itself, first with last: cka-pytorch 0.000 0.000 0.000 | epsilon=0 1.000 1.000 0.519 | ckatorch 1.000 1.000 0.519
EOF
