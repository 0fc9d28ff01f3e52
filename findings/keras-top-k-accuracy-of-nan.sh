#!/usr/bin/env bash
# Keras 3.15.1 on JAX: the top-k accuracy of a network whose outputs are all NaN is 1, for k = 1, too.
#
# It counts the classes that have a larger probability than the target, and nothing is larger than NaN; "accuracy" beside it says 0.1. The same
# holds for a network that gives all classes the same probability, as one whose last layer begins with zeros: a top-1 accuracy of 1 on ten
# classes. A search that maximises this metric finds the networks that have diverged.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check keras==3.15.1 jax==0.10.2
cat >try.py <<'EOF'
import keras
import numpy as np

inputs, targets = np.ones((100, 4), "float32"), np.arange(100) % 10
for kernel in [0.0, float("nan")]:
    initializer = keras.initializers.Constant(kernel)
    layers = [keras.layers.Input((4,)), keras.layers.Dense(10, kernel_initializer=initializer, activation="softmax")]
    model = keras.Sequential(layers)
    top = [keras.metrics.SparseTopKCategoricalAccuracy(k, name=f"top-{k}") for k in (1, 5)]
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy", *top])
    metrics = model.evaluate(inputs, targets, verbose=0, return_dict=True)
    print("seen: kernel", kernel, *(f"| {name} {value:.1f}" for name, value in sorted(metrics.items())))
EOF
KERAS_BACKEND=jax python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: kernel 0.0 | accuracy 0.1 | loss 2.3 | top-1 1.0 | top-5 1.0
seen: kernel nan | accuracy 0.1 | loss nan | top-1 1.0 | top-5 1.0
EOF
