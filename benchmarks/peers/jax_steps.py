"""JAX's side of the benchmarks: `python3 jax_steps.py jit|loader|scan|vmap --mnist folder [--threads n] [--replicas n]`.

`jit` is a jitted step for each batch, which is a slice of an array on the host. `loader` is the same step fed as bioflax for Python feeds it,
by PyTorch's DataLoader. `scan` is JAX at its best: the data lies on the device, and an epoch's steps are one `lax.scan`.
`vmap` trains replicas: `vmap` of that over their weights and orders; a step is one of all of them.
"""

import argparse
import functools
import os

parser = argparse.ArgumentParser()
parser.add_argument("how", choices=["jit", "loader", "scan", "vmap"])
parser.add_argument("--mnist", required=True)
parser.add_argument("--threads", type=int)
parser.add_argument("--replicas", type=int, default=10)
options = parser.parse_args()
if options.threads and hasattr(os, "sched_setaffinity"):
    # XLA takes as many threads as it has cores.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

import jax
import jax.numpy as jnp
import numpy as np

import data
from jax_networks import parameters_of, step_of
from serve import fastest_product, serve, trainer


def start(workload):
    x, y = data.of_workload(workload, options.mnist)
    step, state = step_of(workload), {"parameters": parameters_of(workload)}
    return {"scan": scanned, "vmap": replicated, "jit": sliced, "loader": loaded}[options.how](
        step, state, x, y, workload
    )


def sliced(step, state, x, y, workload):
    def batches():
        batch, at = workload["batch"], 0
        while True:
            yield x[at : at + batch], y[at : at + batch]
            at = at + batch if at + 2 * batch <= len(x) else 0

    return one_by_one(step, state, batches())


def loaded(step, state, x, y, workload):
    from loader import Images, endless, loader, tensors

    images = workload["data"] == "mnist"
    examples = Images(*(a[: len(x)] for a in data.mnist(options.mnist, "train"))) if images else tensors(x, y)
    return one_by_one(step, state, endless(loader(examples, workload["batch"], drop_last=True)))


def one_by_one(step, state, batches):
    jitted = jax.jit(step)

    def train(steps):
        for _ in range(steps):
            state["parameters"], loss = jitted(state["parameters"], *next(batches))
        loss.block_until_ready()

    return train


def scanned(step, state, x, y, workload):
    x, y = jnp.asarray(x), jnp.asarray(y)
    random = np.random.default_rng(0)

    together = jax.jit(epoch_of(step))

    def train(steps):
        rows = np.resize(random.permutation(len(x)), (steps, workload["batch"])).astype(np.int32)
        state["parameters"], losses = together(state["parameters"], x, y, rows)
        losses.block_until_ready()

    return train


def replicated(step, state, x, y, workload):
    x, y = jnp.asarray(x), jnp.asarray(y)
    random = np.random.default_rng(0)
    count = options.replicas
    state["parameters"] = jax.tree.map(lambda p: jnp.stack([p] * count), state["parameters"])
    together = jax.jit(jax.vmap(epoch_of(step), in_axes=(0, None, None, 0)))

    def train(steps):
        shape = (steps, workload["batch"])
        rows = np.stack([np.resize(random.permutation(len(x)), shape) for _ in range(count)]).astype(np.int32)
        state["parameters"], losses = together(state["parameters"], x, y, rows)
        losses.block_until_ready()

    return train


def epoch_of(step):
    """Steps one after another, of the examples that an order names."""

    def epoch(parameters, x, y, order):
        body = lambda p, rows: step(p, x[rows], y[rows])
        return jax.lax.scan(body, parameters, order)

    return epoch


made = set()


def warm(train, steps):
    """Makes the program of a scan, which has its number of steps, once."""
    if options.how in ("scan", "vmap") and (train, steps) not in made:
        made.add((train, steps))
        train(steps)


def products():
    multiply = jax.jit(lambda a: a @ a)
    of = functools.lru_cache(lambda size: jnp.full((size, size), 0.1))
    return fastest_product(lambda size: multiply(of(size)).block_until_ready(), (512, 1024, 2048))


names = {"jit": "jit by slices", "loader": "jit by a DataLoader", "scan": "scan", "vmap": "vmap of scan"}
greeting = {"about": f"JAX {jax.__version__} on {jax.devices()[0].device_kind}, {names[options.how]}"}
if options.how == "jit":
    greeting["products"] = products()
if options.how == "loader":
    import loader  # Where PyTorch is not there, it says so at the start.
serve(greeting, trainer(start, products, warm))
