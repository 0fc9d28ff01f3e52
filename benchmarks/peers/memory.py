"""PyTorch's side of memory.ts: `python3 memory.py resnet20|wide --threads n --steps n` trains, evaluates once, and prints a line of
JSON: the megabytes it had resident before there was a network, and at most."""

import argparse
import json

import torch
from torch import nn

from torch_resnet20 import resnet20

parser = argparse.ArgumentParser()
parser.add_argument("network", choices=["resnet20", "wide"])
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--steps", type=int, required=True)
options = parser.parse_args()
torch.set_num_threads(options.threads)
torch.manual_seed(0)
BATCHES = 8


def resident(key):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key)) / 1000


def wide():
    return nn.Sequential(nn.Linear(784, 4096), nn.Tanh(), nn.Linear(4096, 4096), nn.Tanh(), nn.Linear(4096, 10))


batch, shape = (128, (3, 32, 32)) if options.network == "resnet20" else (32, (784,))
inputs, labels = torch.randn(BATCHES * batch, *shape), torch.randint(10, (BATCHES * batch,))
before = resident("VmRSS")
if options.network == "resnet20":
    network = resnet20()
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
else:
    network = wide()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.001)
loss_of = nn.CrossEntropyLoss()
for step in range(options.steps):
    rows = slice(step % BATCHES * batch, (step % BATCHES + 1) * batch)
    optimizer.zero_grad(set_to_none=True)
    loss_of(network(inputs[rows]), labels[rows]).backward()
    optimizer.step()
with torch.no_grad():
    for some in inputs.split(512):
        network(some)
print(json.dumps({"before": before, "peak": resident("VmHWM")}))
