#!/usr/bin/env bash
# IREE 3.13.0, processor: a sort that StableHLO calls stable leaves equal keys in another order.
#
# jnp.argsort and lax.top_k are stable, and JAX writes is_stable = true into the program; XLA gives 1 3 7 4 5 0 2 6 for the keys 3 1 3 1 2 2 3 1, as NumPy's
# stable sort does, IREE 3 1 7 4 5 6 0 2. So the best two of 0.1 0.5 0.5 0.2 0.5 are numbers 2 and 1 there and 1 and 2 elsewhere, and what sorts by two keys
# in turn, the second first, comes out unsorted. Networks with as good as equal outputs (zeros at the start, quantised ones) show it in accuracies and in
# who is kept.
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
import jax.numpy as jnp
import numpy as np
from iree_run import run
from jax import lax

keys = np.array([3, 1, 3, 1, 2, 2, 3, 1], "int32")
scores = np.array([0.1, 0.5, 0.5, 0.2, 0.5], "float32")
first, second = np.array([1, 0, 1, 0, 1, 0], "int32"), np.array([2, 2, 1, 1, 0, 0], "int32")
show = lambda places: " ".join(str(place) for place in np.asarray(places))


def by_two_keys(a, b):
    """Places by a, and by b where a is equal: a sort by b, then a stable one by a."""
    order = jnp.argsort(b)
    return order[jnp.argsort(a[order])]


print("seen: argsort | NumPy, stable", show(np.argsort(keys, kind="stable")), "| XLA", show(jnp.argsort(keys)), "| IREE", show(run(jnp.argsort, keys)))
print("seen: top two | XLA", show(lax.top_k(scores, 2)[1]), "| IREE", show(run(lambda values: lax.top_k(values, 2)[1], scores)))
print("seen: by two keys | NumPy", show(np.lexsort([second, first])), "| XLA", show(by_two_keys(first, second)), "| IREE", show(run(by_two_keys, first, second)))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: argsort | NumPy, stable 1 3 7 4 5 0 2 6 | XLA 1 3 7 4 5 0 2 6 | IREE 3 1 7 4 5 6 0 2
seen: top two | XLA 1 2 | IREE 2 1
seen: by two keys | NumPy 5 3 1 4 2 0 | XLA 5 3 1 4 2 0 | IREE 3 5 1 4 2 0
EOF
