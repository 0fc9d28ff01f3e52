"""The data sets of the benchmarks, as numpy arrays."""

import functools
import os

import numpy as np

MEAN, DEVIATION = 0.1307, 0.3081
# Of MNIST, the rest is for validation; of the others, 50 batches of 32 less a tenth.
TRAINING_ROWS = {"mnist": 54_000, "sinreg": 1440, "teacher": 1440}


def idx(folder, name):
    """An array of bytes from one of MNIST's files."""
    raw = np.fromfile(os.path.join(folder, name), np.uint8)
    axes = raw[3]
    shape = raw[4 : 4 + 4 * axes].view(">i4")
    return raw[4 + 4 * axes :].reshape(shape)


def mnist(folder, part):
    """Pixels, [rows, 784], and labels of `train` or `t10k`."""
    images = idx(folder, f"{part}-images-idx3-ubyte")
    return images.reshape(len(images), -1), idx(folder, f"{part}-labels-idx1-ubyte")


@functools.lru_cache(maxsize=1)
def training_set(name, inputs, outputs, folder):
    """Normalised inputs, [rows, inputs], and labels, [rows], or targets, [rows, outputs]; float32 and int32."""
    rows = TRAINING_ROWS[name]
    if name == "mnist":
        images, labels = mnist(folder, "train")
        x = (images[:rows].astype(np.float32) / 255 - MEAN) / DEVIATION
        return x, labels[:rows].astype(np.int32)
    random = np.random.default_rng(0)
    x = random.uniform(-1, 1, (rows, inputs)).astype(np.float32)
    if name == "sinreg":
        return np.float32(np.pi) * x, np.sin(np.float32(np.pi) * x)
    draw = lambda i, o: random.normal(0, i**-0.5, (i, o)).astype(np.float32)
    h = x
    for i, o in [(inputs, 64), (64, 32)]:
        h = 1 / (1 + np.exp(-h @ draw(i, o)))
    return x, h @ draw(32, outputs)


def of_workload(workload, folder):
    sizes = workload.get("sizes") or [784, 10]
    return training_set(workload["data"], sizes[0], sizes[-1], folder)
