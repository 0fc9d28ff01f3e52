"""bioflax for Python's default run, from the command to the trained network: `python3 pipeline.py --mnist folder [--epochs 5]`.

Written anew, to do the same work in the same places and no more: 784-500-500-10 by feedback alignment, batches of 32 from PyTorch's
DataLoader, a tenth for validation, a jitted step a batch that also returns its gradients; on the first five batches of each epoch,
backpropagation's gradients at the same weights and all of its alignment metrics; validation and test sets after each epoch. Left out are
torchvision's way over PIL images, flax, optax, progress bars and Weights & Biases, which would only make it slower.

Prints a line of JSON after the first step and another at the end.
"""

import argparse
import json

import jax
import jax.numpy as jnp
import torch

import data
from jax_networks import descended, loss_of, parameters_of
from loader import Images, loader

parser = argparse.ArgumentParser()
parser.add_argument("--mnist", required=True)
parser.add_argument("--epochs", type=int, default=5)
options = parser.parse_args()
RULE, BATCH, ALIGNMENT_BATCHES = "fa", 32, 5
WORKLOAD = {"data": "mnist", "sizes": [784, 500, 500, 10], "activation": "relu", "rule": RULE}


def say(**values):
    print(json.dumps(values), flush=True)


whole = Images(*data.mnist(options.mnist, "train"))
kept = len(whole) // 10
training, validation = torch.utils.data.random_split(
    whole, (len(whole) - kept, kept), torch.Generator().manual_seed(0)
)
test = Images(*data.mnist(options.mnist, "t10k"))
batches, *held_out = [loader(part, BATCH) for part in (training, validation, test)]

parameters = parameters_of(WORKLOAD)
loss = loss_of(WORKLOAD)


@jax.jit
def train_step(parameters, x, y):
    value, gradients = jax.value_and_grad(loss)(parameters, x, y)
    return descended(parameters, gradients, RULE), value, gradients


@jax.jit
def backpropagated(parameters, x, y):
    """The gradients of the same network without feedback weights."""
    plain = [{key: layer[key] for key in ("kernel", "bias")} for layer in parameters]
    return jax.grad(loss)(plain, x, y)


@jax.jit
def evaluate(parameters, x, y):
    for layer in parameters[:-1]:
        x = jax.nn.relu(x @ layer["kernel"] + layer["bias"])
    logits = x @ parameters[-1]["kernel"] + parameters[-1]["bias"]
    value = -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()
    return value, (logits.argmax(1) == y).mean()


def cosine(a, b):
    return a @ b / (jnp.linalg.norm(a) * jnp.linalg.norm(b))


@jax.jit
def metrics(parameters, reference, gradients):
    """Feedback weights against kernels; biases', layers' and all gradients against backpropagation's, and the ratio of their norms."""
    flat = lambda layer, *keys: jnp.concatenate([layer[key].ravel() for key in keys])
    layers = list(zip(reference, gradients))
    both = [[flat(layer, "bias", "kernel") for layer in some] for some in (reference, gradients)]
    theirs, ours = map(jnp.concatenate, both)
    return {
        "weights": [cosine(flat(p, "kernel"), flat(p, "feedback")) for p in parameters],
        "biases": [cosine(a["bias"], b["bias"]) for a, b in layers],
        "layers": [cosine(a, b) for a, b in zip(*both)],
        "gradient": cosine(theirs, ours),
        "norms": jnp.linalg.norm(theirs) / jnp.linalg.norm(ours),
    }


def arrays(batch):
    x, y = batch
    return jnp.array(x.numpy()), jnp.array(y.numpy())


mean = lambda values: float(jnp.mean(jnp.array(values)))
for epoch in range(options.epochs):
    losses, aligned = [], []
    for i, batch in enumerate(batches):
        x, y = arrays(batch)
        measured = i < ALIGNMENT_BATCHES
        if measured:
            reference = backpropagated(parameters, x, y)
        parameters, value, gradients = train_step(parameters, x, y)
        if epoch == 0 and i == 0:
            value.block_until_ready()
            say(firstStep=True)
        losses.append(value)
        if measured:
            aligned.append(metrics(parameters, reference, gradients))
    averages = jax.tree.map(lambda *values: mean(values), *aligned)
    results = []
    for part in held_out:
        parts = [evaluate(parameters, *arrays(batch)) for batch in part]
        results.append([mean(values) for values in zip(*parts)])
    (_, val_accuracy), (_, test_accuracy) = results
say(
    loss=mean(losses),
    validationAccuracy=val_accuracy,
    testAccuracy=test_accuracy,
    gradientAlignment=averages["gradient"],
)
