"""PyTorch's side of convolution.ts: LeNet-5 and ResNet-20 as bioflax has them, trained by backpropagation on random images.

Is asked for a network, a batch, steps, threads and a layout, and answers with milliseconds a step. The layout is `contiguous` or
`channels_last`. The data lies in memory, and a batch is a slice of it.
"""

import torch
from torch import nn

from serve import clock, serve
from torch_lenet5 import lenet5
from torch_resnet20 import resnet20


NETWORKS = {"lenet5": (lenet5, (1, 28, 28)), "resnet20": (resnet20, (3, 32, 32))}
prepared = {}


def prepare(name, batch, layout):
    key = (name, batch, layout)
    if key not in prepared:
        torch.manual_seed(0)
        make, shape = NETWORKS[name]
        form = getattr(torch, f"{layout}_format" if layout == "contiguous" else layout)
        network = make().to(memory_format=form)
        images = torch.randn(8 * batch, *shape).contiguous(memory_format=form)
        labels = torch.randint(10, (8 * batch,))
        optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
        prepared[key] = network, images, labels, optimizer
    return prepared[key]


def train(network, batch, steps, threads, layout):
    torch.set_num_threads(threads)
    model, images, labels, optimizer = prepare(network, batch, layout)
    loss_of = nn.CrossEntropyLoss()
    start = clock()
    for step in range(steps):
        rows = slice(step % 8 * batch, (step % 8 + 1) * batch)
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(images[rows]), labels[rows]).backward()
        optimizer.step()
    return (clock() - start) * 1000 / steps


serve(
    {"about": f"PyTorch {torch.__version__}"},
    lambda request: {"milliseconds": train(**request)},
)
