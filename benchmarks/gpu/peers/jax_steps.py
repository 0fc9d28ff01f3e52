"""JAX's side of the benchmarks: `python3 jax_steps.py jit|scan`.

`jit` does as bioflax for Python does: a jitted step for each batch, which comes from the host. `scan` is JAX at its best: the data lies on
the device, and an epoch's steps are one `lax.scan`. Feedback alignment and Kolen-Pollack are a custom_vjp; direct feedback alignment
needs no gradient function. Speaks a line of JSON for a line of JSON.
"""

import json
import os
import sys
import time

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
import jax
import jax.numpy as jnp
import numpy as np

HOW = sys.argv[1]
ROWS = 54_000
RATE = 0.02


@jax.custom_vjp
def aligned(x, weight, feedback):
    return x @ weight


def backward(kept, error):
    x, feedback = kept
    gradient = x.T @ error
    # Kolen-Pollack's feedback weights learn by it, too; where they do not, nobody reads the second, and it is not made.
    return error @ feedback.T, gradient, gradient


aligned.defvjp(lambda x, weight, feedback: (x @ weight, (x, feedback)), backward)


def dense(rule, layer, x):
    if rule in ("fa", "kp"):
        return aligned(x, layer["kernel"], layer["feedback"]) + layer["bias"]
    return x @ layer["kernel"] + layer["bias"]


def start(workload):
    if workload.get("hidden") is None:
        raise ValueError("LeNet-5 is not written for JAX here")
    rule, batch = workload["rule"], workload["batch"]
    if rule not in ("bp", "fa", "kp", "dfa"):
        raise ValueError(f"the rule {rule} is not written for JAX here")
    sizes = [784, *workload["hidden"], 10]
    random = np.random.default_rng(0)
    draw = lambda i, o: jnp.asarray(random.normal(0, i**-0.5, (i, o)), jnp.float32)
    parameters = [
        {"kernel": draw(i, o), "bias": jnp.zeros(o), **({"feedback": draw(i, o)} if rule in ("fa", "kp") else {})}
        for i, o in zip(sizes, sizes[1:])
    ]
    images = random.normal(size=(ROWS, 784)).astype(np.float32)
    labels = random.integers(10, size=ROWS).astype(np.int32)

    def loss_of(parameters, x, y):
        for layer in parameters[:-1]:
            x = jax.nn.relu(dense(rule, layer, x))
        logits = dense(rule, parameters[-1], x)
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()

    sent = [draw(10, o) for o in sizes[1:-1]]

    def direct(parameters, x, y):
        inputs = [x]
        for layer in parameters[:-1]:
            inputs.append(jax.nn.relu(dense(rule, layer, inputs[-1])))
        logits = dense(rule, parameters[-1], inputs[-1])
        error = (jax.nn.softmax(logits) - jax.nn.one_hot(y, 10)) / len(y)
        errors = [(error @ feedback) * (h > 0) for feedback, h in zip(sent, inputs[1:])] + [error]
        moved = [
            {"kernel": p["kernel"] - RATE * h.T @ e, "bias": p["bias"] - RATE * e.sum(0)}
            for p, h, e in zip(parameters, inputs, errors)
        ]
        return moved, -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()

    def step(parameters, x, y):
        if rule == "dfa":
            return direct(parameters, x, y)
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x, y)
        moved = [
            {k: v if k == "feedback" and rule == "fa" else v - RATE * g[k] for k, v in p.items()}
            for p, g in zip(parameters, gradients)
        ]
        return moved, loss

    state = {"parameters": parameters}

    def each(steps):
        for i in range(steps):
            at = i * batch % (ROWS - batch + 1)
            rows = slice(at, at + batch)
            state["parameters"], loss = jitted(state["parameters"], images[rows], labels[rows])
        loss.block_until_ready()

    jitted = jax.jit(step)
    if HOW == "jit":
        return each
    on_device = jnp.asarray(images), jnp.asarray(labels)

    def scanned(parameters, x, y, order):
        body = lambda p, rows: step(p, x[rows], y[rows])
        return jax.lax.scan(body, parameters, order)

    together = jax.jit(scanned)

    def train(steps):
        order = random.permutation(ROWS)
        rows = np.resize(order, (steps, batch)).astype(np.int32)
        state["parameters"], losses = together(state["parameters"], *on_device, rows)
        losses.block_until_ready()

    return train


def peak():
    """The fastest square product, in operations a second."""
    best = 0
    multiply = jax.jit(lambda a: a @ a)
    for size in (512, 1024, 2048):
        a = jnp.full((size, size), 0.1)
        multiply(a).block_until_ready()
        for _ in range(8):
            begin = time.perf_counter()
            multiply(a).block_until_ready()
            best = max(best, 2 * size**3 / (time.perf_counter() - begin))
    return best


about = f"JAX {jax.__version__} on {jax.devices()[0].device_kind}, {HOW}"
if HOW == "jit":
    about += f", products of {peak() / 1e12:.3g} Tflop/s"
print(json.dumps({"about": about}), flush=True)
running = {}
for line in sys.stdin:
    request = json.loads(line)
    workload, steps = request["workload"], request["steps"]
    try:
        train = running.get(workload["name"]) or start(workload)
        running[workload["name"]] = train
        if HOW == "scan":
            train(steps)  # A program for each number of steps: it is made here.
        begin = time.perf_counter()
        train(steps)
        answer = {"milliseconds": (time.perf_counter() - begin) * 1000 / steps}
    except Exception as error:  # Whatever it is, the others go on.
        answer = {"error": (str(error).splitlines() or [type(error).__name__])[0]}
    print(json.dumps(answer), flush=True)
