"""PyTorch's side of the benchmarks: `python3 torch_steps.py eager|compile --mnist folder [--threads n]`.

The whole data set lies on the device; a batch is gathered there by row numbers. Feedback alignment and Kolen-Pollack are a custom
autograd Function, as BioTorch has it; direct feedback alignment needs no autograd, and has none.
"""

import argparse

import torch
from torch import nn

import data
from serve import fastest_product, serve, trainer
from torch_lenet5 import lenet5

parser = argparse.ArgumentParser()
parser.add_argument("how", choices=["eager", "compile"])
parser.add_argument("--mnist", required=True)
parser.add_argument("--threads", type=int)
options = parser.parse_args()
if options.threads:
    torch.set_num_threads(options.threads)
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
RATE = 0.02


class FeedbackAlignment(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, bias, feedback):
        ctx.save_for_backward(x, feedback)
        return nn.functional.linear(x, weight, bias)

    @staticmethod
    def backward(ctx, error):
        x, feedback = ctx.saved_tensors
        gradient = error.t() @ x
        # Nobody asks for the error at the network's input.
        sent = error @ feedback if ctx.needs_input_grad[0] else None
        # Of Kolen-Pollack, whose feedback weights learn, the same as the kernel's.
        learnt = gradient if ctx.needs_input_grad[3] else None
        return sent, gradient, error.sum(0), learnt


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
ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh}
# Of an activation, by what it has come to.
SLOPES = {"relu": lambda h: h > 0, "tanh": lambda h: 1 - h * h}


def network_of(workload):
    sizes, rule = workload.get("sizes"), workload["rule"]
    if rule not in RULES or (rule != "bp" and not sizes):
        raise ValueError(f"{workload['name']} is not written for PyTorch here")
    if not sizes:
        return lenet5()
    dense, activation = RULES[rule], ACTIVATIONS[workload["activation"]]
    pairs = list(zip(sizes, sizes[1:]))
    layers = [part for i, o in pairs[:-1] for part in (dense(i, o), activation())]
    return nn.Sequential(*layers, dense(*pairs[-1]))


def cross_entropy_error(logits, labels):
    return (torch.softmax(logits, 1) - nn.functional.one_hot(labels, logits.shape[1])) / len(labels)


def squared_error(outputs, targets):
    return 0.5 * nn.functional.mse_loss(outputs, targets)


def squared_error_error(outputs, targets):
    return (outputs - targets) / outputs.numel()


def start(workload):
    torch.manual_seed(0)
    # Programs of other networks count against the number there may be of one function; past it, steps would run eagerly.
    torch.compiler.reset()
    network = network_of(workload).to(DEVICE)
    x, y = (torch.from_numpy(a).to(DEVICE) for a in data.of_workload(workload, options.mnist))
    if not workload.get("sizes"):
        x = x.reshape(-1, 1, 28, 28)
    labels = workload["data"] == "mnist"
    if labels:
        y = y.long()
    loss_of = nn.functional.cross_entropy if labels else squared_error
    optimizer = torch.optim.SGD([p for p in network.parameters() if p.requires_grad], lr=RATE)

    def step(rows):
        loss = loss_of(network(x[rows]), y[rows])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    if workload["rule"] == "dfa":
        moved = direct_step(workload, network, loss_of, cross_entropy_error if labels else squared_error_error)
        step = lambda rows: moved(x[rows], y[rows])
    run = torch.compile(step) if options.how == "compile" else step
    batch = workload["batch"]

    def train(steps):
        losses = []
        order = torch.randperm(len(x), device=DEVICE)
        for i in range(steps):
            at = i * batch % (len(x) - batch + 1)
            losses.append(run(order[at : at + batch]))
        return torch.stack(losses).cpu()

    return train


def direct_step(workload, network, loss_of, error_of):
    """Direct feedback alignment: the output's error goes to every hidden layer by fixed weights."""
    dense = [layer for layer in network if isinstance(layer, nn.Linear)]
    outputs = dense[-1].out_features
    sent = [torch.randn(outputs, layer.out_features, device=DEVICE) / outputs**0.5 for layer in dense[:-1]]
    activation, slope = getattr(torch, workload["activation"]), SLOPES[workload["activation"]]

    @torch.no_grad()
    def step(x, y):
        inputs = [x]
        for layer in dense[:-1]:
            inputs.append(activation(layer(inputs[-1])))
        out = dense[-1](inputs[-1])
        error = error_of(out, y)
        errors = [(error @ feedback) * slope(h) for feedback, h in zip(sent, inputs[1:])] + [error]
        for layer, h, delta in zip(dense, inputs, errors):
            layer.weight.addmm_(delta.t(), h, alpha=-RATE)
            layer.bias.sub_(delta.sum(0), alpha=RATE)
        return loss_of(out, y)

    return step


def products(tf32=False):
    torch.backends.cuda.matmul.allow_tf32 = tf32
    factors = {}

    def multiply(size):
        if size not in factors:
            factors[size] = torch.randn(size, size, device=DEVICE)
        return (factors[size] @ factors[size])[0, 0].item()

    best = fastest_product(multiply, (2048, 8192) if DEVICE.type == "cuda" else (512, 1024, 2048))
    torch.backends.cuda.matmul.allow_tf32 = False
    return best


hardware = torch.cuda.get_device_name(0) if DEVICE.type == "cuda" else "the processor"
greeting = {"about": f"PyTorch {torch.__version__} on {hardware}, {options.how}"}
if options.how == "eager":
    greeting["products"] = products()
    if DEVICE.type == "cuda":
        greeting["about"] += f" (TF32 products of {products(True) / 1e12:.3g} Tflop/s)"
serve(greeting, trainer(start, products))
