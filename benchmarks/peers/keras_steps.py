"""Keras on TensorFlow's own library, on the processor: a network of dense layers by `fit`.

    keras_steps.py [--threads 2]
"""

import argparse
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf
import keras

from serve import serve, trainer

arguments = argparse.ArgumentParser()
arguments.add_argument("--threads", type=int, default=0)
tf.config.threading.set_intra_op_parallelism_threads(arguments.parse_args().threads)


def start(workload):
    sizes, batch = workload["sizes"], workload["batch"]
    layers = [keras.layers.Input((sizes[0],))]
    layers += [keras.layers.Dense(units, activation="relu") for units in sizes[1:-1]]
    layers += [keras.layers.Dense(sizes[-1], activation="softmax")]
    model = keras.Sequential(layers)
    model.compile(optimizer=keras.optimizers.SGD(0.02), loss="sparse_categorical_crossentropy")
    random = np.random.default_rng(0)

    def train(steps):
        rows = steps * batch
        x, y = data.get(rows) or data.setdefault(
            rows, (random.random((rows, sizes[0]), np.float32), random.integers(0, sizes[-1], rows))
        )
        model.fit(x, y, batch_size=batch, epochs=1, shuffle=True, verbose=0)

    data = {}
    return train


def prepare(train, steps):
    """What Keras makes at its first call, and the data, are not of the steps."""
    train(steps)


serve({"about": f"Keras {keras.__version__} on TensorFlow {tf.__version__}"}, trainer(start, lambda: 0, prepare))
