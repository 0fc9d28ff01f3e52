"""PyTorch's side of the benchmarks: `python3 torch_steps.py eager|compile [threads]`.

The whole data set lies on the device; a batch is gathered there by row numbers. Feedback alignment and Kolen-Pollack are a custom
autograd Function, as BioTorch has it; direct feedback alignment needs no autograd, and has none. Speaks a line of JSON for a line of JSON.
"""

import json
import sys
import time

import torch
from torch import nn

HOW = sys.argv[1]
if len(sys.argv) > 2:
    torch.set_num_threads(int(sys.argv[2]))
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ROWS = 54_000


class FeedbackAlignment(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, feedback):
        ctx.save_for_backward(x, feedback)
        return torch.nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, error):
        x, feedback = ctx.saved_tensors
        gradient = error.t() @ x
        # Of Kolen-Pollack, whose feedback weights learn, the same as the kernel's.
        learnt = gradient if ctx.needs_input_grad[3] else None
        return error @ feedback, gradient, error.sum(0), learnt


class FeedbackLinear(nn.Linear):
    learns = False

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs)
        feedback = torch.randn(outputs, inputs) / inputs**0.5
        self.feedback = nn.Parameter(feedback, requires_grad=self.learns)

    def forward(self, x):
        return FeedbackAlignment.apply(x, self.weight, self.bias, self.feedback)


class KolenPollackLinear(FeedbackLinear):
    learns = True


RULES = {"bp": nn.Linear, "fa": FeedbackLinear, "kp": KolenPollackLinear, "dfa": nn.Linear}


def network_of(workload):
    if workload["rule"] not in RULES:
        raise ValueError(f"the rule {workload['rule']} is not written for PyTorch here")
    dense = RULES[workload["rule"]]
    if workload.get("hidden") is None:
        return nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 120, 5), nn.ReLU(), nn.Flatten(),
            nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
        )  # fmt: skip
    sizes = [784, *workload["hidden"]]
    layers = [part for i, o in zip(sizes, sizes[1:]) for part in (dense(i, o), nn.ReLU())]
    return nn.Sequential(*layers, dense(sizes[-1], 10))


def start(workload):
    torch.manual_seed(0)
    network = network_of(workload).to(DEVICE)
    shape = (784,) if workload.get("hidden") else (1, 28, 28)
    images = torch.randn(ROWS, *shape, device=DEVICE)
    labels = torch.randint(10, (ROWS,), device=DEVICE)
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], lr=0.02)

    def step(rows):
        if workload["rule"] == "dfa":
            return direct(images[rows], labels[rows])
        loss = nn.functional.cross_entropy(network(images[rows]), labels[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    dense = [layer for layer in network if isinstance(layer, nn.Linear)]
    sent = [torch.randn(10, layer.out_features, device=DEVICE) / 10**0.5 for layer in dense[:-1]]

    @torch.no_grad()
    def direct(x, y):
        inputs = [x]
        for layer in dense[:-1]:
            inputs.append(torch.relu(layer(inputs[-1])))
        logits = dense[-1](inputs[-1])
        error = (torch.softmax(logits, 1) - nn.functional.one_hot(y, 10)) / len(y)
        errors = [(error @ feedback) * (h > 0) for feedback, h in zip(sent, inputs[1:])] + [error]
        for layer, h, delta in zip(dense, inputs, errors):
            layer.weight.addmm_(delta.t(), h, alpha=-0.02)
            layer.bias.sub_(delta.sum(0), alpha=0.02)
        return nn.functional.cross_entropy(logits, y)

    run = torch.compile(step) if HOW == "compile" else step
    batch = workload["batch"]

    def train(steps):
        losses = []
        order = torch.randperm(ROWS, device=DEVICE)
        for i in range(steps):
            at = i * batch % (ROWS - batch + 1)
            losses.append(run(order[at : at + batch]))
        return torch.stack(losses).cpu()

    return train


def peak(tf32):
    """The fastest square product, in operations a second."""
    torch.backends.cuda.matmul.allow_tf32 = tf32
    best = 0
    for size in (2048, 8192) if DEVICE.type == "cuda" else (512, 1024, 2048):
        a = torch.randn(size, size, device=DEVICE)
        for _ in range(8):
            begin = time.perf_counter()
            (a @ a)[0, 0].item()
            best = max(best, 2 * size**3 / (time.perf_counter() - begin))
    torch.backends.cuda.matmul.allow_tf32 = False
    return best


hardware = torch.cuda.get_device_name(0) if DEVICE.type == "cuda" else "the processor"
about = f"PyTorch {torch.__version__} on {hardware}, {HOW}"
if HOW == "eager":
    about += f", products of {peak(False) / 1e12:.3g} Tflop/s"
    if DEVICE.type == "cuda":
        about += f" (TF32 {peak(True) / 1e12:.3g})"
print(json.dumps({"about": about}), flush=True)
running = {}
for line in sys.stdin:
    request = json.loads(line)
    workload = request["workload"]
    try:
        train = running.get(workload["name"]) or start(workload)
        running[workload["name"]] = train
        begin = time.perf_counter()
        train(request["steps"])
        answer = {"milliseconds": (time.perf_counter() - begin) * 1000 / request["steps"]}
    except Exception as error:  # Whatever it is, the others go on.
        answer = {"error": (str(error).splitlines() or [type(error).__name__])[0]}
    print(json.dumps(answer), flush=True)
