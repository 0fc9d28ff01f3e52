"""The networks of the benchmarks in JAX, and their training steps.

Feedback alignment and Kolen-Pollack are a custom_vjp, as bioflax for Python has them; direct feedback alignment needs no gradient function.
"""

import jax
import jax.numpy as jnp
import numpy as np

RATE = 0.02
ACTIVATIONS = {"relu": jax.nn.relu, "tanh": jnp.tanh}
# Of an activation, by what it has come to.
SLOPES = {"relu": lambda h: h > 0, "tanh": lambda h: 1 - h * h}


@jax.custom_vjp
def aligned(x, weight, feedback):
    return x @ weight


def backward(kept, error):
    x, feedback = kept
    gradient = x.T @ error
    # Kolen-Pollack's feedback weights learn by it, too; where they do not, nobody reads the second, and it is not made.
    return error @ feedback.T, gradient, gradient


aligned.defvjp(lambda x, weight, feedback: (x @ weight, (x, feedback)), backward)


def dense(layer, x):
    if "feedback" in layer:
        return aligned(x, layer["kernel"], layer["feedback"]) + layer["bias"]
    return x @ layer["kernel"] + layer["bias"]


def convolution(layer, x, padding):
    form = ("NHWC", "HWIO", "NHWC")
    y = jax.lax.conv_general_dilated(x, layer["kernel"], (1, 1), padding, dimension_numbers=form)
    return jax.nn.relu(y + layer["bias"])


def halved(x):
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def lenet5(parameters, x):
    first, second, third, hidden, last = parameters
    x = halved(convolution(first, x.reshape(-1, 28, 28, 1), "SAME"))
    x = halved(convolution(second, x, "VALID"))
    x = convolution(third, x, "VALID").reshape(len(x), -1)
    return dense(last, jax.nn.relu(dense(hidden, x)))


def parameters_of(workload):
    """The starting weights: a list of layers."""
    random = np.random.default_rng(0)
    draw = lambda *shape: jnp.asarray(random.normal(0, np.prod(shape[:-1]) ** -0.5, shape), jnp.float32)
    sizes = workload.get("sizes")
    shapes = (
        list(zip(sizes, sizes[1:]))
        if sizes
        else [(5, 5, 1, 6), (5, 5, 6, 16), (5, 5, 16, 120), (120, 84), (84, 10)]
    )
    learnt = workload["rule"] in ("fa", "kp")
    return [
        {"kernel": draw(*s), "bias": jnp.zeros(s[-1]), **({"feedback": draw(*s)} if learnt else {})}
        for s in shapes
    ]


def cross_entropy(logits, labels):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], 1).mean()


def squared_error(outputs, targets):
    return 0.5 * ((outputs - targets) ** 2).mean()


def loss_of(workload):
    """From the parameters and a batch to the loss."""
    sizes, activation = workload.get("sizes"), ACTIVATIONS[workload["activation"]]
    loss = cross_entropy if workload["data"] == "mnist" else squared_error

    def forward(parameters, x):
        for layer in parameters[:-1]:
            x = activation(dense(layer, x))
        return dense(parameters[-1], x)

    network = forward if sizes else lenet5
    return lambda parameters, x, y: loss(network(parameters, x), y)


def descended(parameters, gradients, rule):
    """A step of sgd; fixed feedback weights stay."""
    return [
        {k: v if k == "feedback" and rule == "fa" else v - RATE * g[k] for k, v in p.items()}
        for p, g in zip(parameters, gradients)
    ]


def step_of(workload):
    """From the parameters and a batch to the new parameters and the loss before."""
    rule, sizes = workload["rule"], workload.get("sizes")
    if rule not in ("bp", "fa", "kp", "dfa") or (rule != "bp" and not sizes):
        raise ValueError(f"{workload['name']} is not written for JAX here")
    loss = loss_of(workload)

    def step(parameters, x, y):
        value, gradients = jax.value_and_grad(loss)(parameters, x, y)
        return descended(parameters, gradients, rule), value

    return direct_step(workload) if rule == "dfa" else step


def direct_step(workload):
    """Direct feedback alignment: the output's error goes to every hidden layer by fixed weights."""
    activation, slope = (table[workload["activation"]] for table in (ACTIVATIONS, SLOPES))
    sizes = workload["sizes"]
    random = np.random.default_rng(1)
    outputs = sizes[-1]
    sent = [jnp.asarray(random.normal(0, outputs**-0.5, (outputs, o)), jnp.float32) for o in sizes[1:-1]]

    def output_error(out, y):
        if workload["data"] == "mnist":
            error = (jax.nn.softmax(out) - jax.nn.one_hot(y, outputs)) / len(y)
            return cross_entropy(out, y), error
        return squared_error(out, y), (out - y) / out.size

    def step(parameters, x, y):
        inputs = [x]
        for layer in parameters[:-1]:
            inputs.append(activation(dense(layer, inputs[-1])))
        loss, error = output_error(dense(parameters[-1], inputs[-1]), y)
        errors = [(error @ feedback) * slope(h) for feedback, h in zip(sent, inputs[1:])] + [error]
        moved = [
            {"kernel": p["kernel"] - RATE * h.T @ e, "bias": p["bias"] - RATE * e.sum(0)}
            for p, h, e in zip(parameters, inputs, errors)
        ]
        return moved, loss

    return step
