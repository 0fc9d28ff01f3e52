#!/usr/bin/env bash
# IREE 3.13.0, processor: where a window's largest number is there twice, the gradient of max pooling goes to the last one; in XLA to the first.
#
# StableHLO's select_and_scatter compares with "greater or equal", by which what was found first is kept: XLA gives a window of four equal numbers the
# gradient 1 0 0 0, IREE 0 0 0 1. Outputs and losses are equal, so the same program seems to be the same network, and learns from other places: images of
# few levels, quantised and saturated activations have such windows in plenty (zeros after a relu do no harm, its gradient stops there).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 iree-base-compiler==3.13.0 iree-base-runtime==3.13.0 numpy==2.4.6
cat >iree_run.py <<'EOF'
import iree.compiler
import iree.runtime
import jax
import numpy as np


def run(function, *inputs, flags=()):
    """The function's StableHLO, as JAX writes it, compiled and run by IREE on the processor."""
    text = str(jax.jit(function).lower(*inputs).compiler_ir("stablehlo"))
    binary = iree.compiler.compile_str(text, target_backends=["llvm-cpu"], input_type="stablehlo", extra_args=list(flags))
    context = iree.runtime.SystemContext(config=iree.runtime.Config("local-sync"))
    module = iree.runtime.VmModule.copy_buffer(context.instance, binary)
    context.add_vm_module(module)
    return context.modules[module.name]["main"](*[np.asarray(array) for array in inputs]).to_host()
EOF
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
import numpy as np
from iree_run import run
from jax import lax


def pooled(image):
    return lax.reduce_window(image, -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


gradient = jax.grad(lambda image: pooled(image).sum())


def first_of_largest(image):
    """By hand: 1 at the first largest number of each window, row by row."""
    result = np.zeros_like(image)
    for row in range(0, image.shape[1], 2):
        for column in range(0, image.shape[2], 2):
            place = image[0, row : row + 2, column : column + 2, 0].argmax()
            result[0, row + place // 2, column + place % 2, 0] = 1
    return result


show = lambda image: " / ".join(" ".join(f"{value:g}" for value in row) for row in np.asarray(image)[0, :, :, 0])
for name, image in {"zeros": np.zeros((2, 4)), "one pair": np.array([[3, 1, 0, 2], [0, 3, 2, 1]]), "all different": np.arange(8).reshape(2, 4)}.items():
    image = image.reshape(1, 2, 4, 1).astype("float32")
    print("seen:", name, "| first by hand", show(first_of_largest(image)), "| XLA", show(gradient(image)), "| IREE", show(run(gradient, image)))
image = np.random.default_rng(0).integers(0, 5, (1, 64, 64, 1)).astype("float32") / 4
same = (np.asarray(gradient(image)) == run(gradient, image)).reshape(32, 2, 32, 2).all((1, 3))
print("seen: image of five levels | windows of 1024 whose gradient is XLA's:", same.sum(), "| outputs equal:", np.array_equal(np.asarray(pooled(image)), run(pooled, image)))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: zeros | first by hand 1 0 1 0 / 0 0 0 0 | XLA 1 0 1 0 / 0 0 0 0 | IREE 0 0 0 0 / 0 1 0 1
seen: one pair | first by hand 1 0 0 1 / 0 0 0 0 | XLA 1 0 0 1 / 0 0 0 0 | IREE 0 0 0 0 / 0 1 1 0
seen: all different | first by hand 0 0 0 0 / 0 1 0 1 | XLA 0 0 0 0 / 0 1 0 1 | IREE 0 0 0 0 / 0 1 0 1
seen: image of five levels | windows of 1024 whose gradient is XLA's: 634 | outputs equal: True
EOF
