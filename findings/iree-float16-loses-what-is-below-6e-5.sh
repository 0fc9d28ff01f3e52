#!/usr/bin/env bash
# IREE 3.13.0, processor: a cast to float16 makes 0 of all numbers below 0.000061, unless the compiler is told which processor.
#
# float16 has subnormal numbers down to 0.00000006. By default IREE compiles for any processor and converts in software, which cuts them off; with
# --iree-llvmcpu-target-cpu=host, where the processor converts, they are kept. Back from float16 they are right both times. Gradients of a network in
# float16, and weights stored in it, are often smaller than that: the same program stops learning by a flag of the compiler's.
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

values = np.array([1, 7e-5, 6e-5, 1e-5, 1e-6, 1e-7, 1e-8], "float32")
show = lambda array: " ".join(f"{value:.2g}" for value in np.asarray(array).astype("float64"))
to_half = lambda array: array.astype(jnp.float16)
print("seen: to float16 | NumPy", show(values.astype("float16")), "| XLA", show(to_half(jnp.asarray(values))), "| IREE", show(run(to_half, values)))
halves = values.astype("float16")
print("seen: from float16 | NumPy", show(halves), "| IREE", show(run(lambda array: array.astype(jnp.float32), halves)))
random = np.random.default_rng(0)
gradients = (random.normal(size=10000) * 1e-5).astype("float32")
print("seen: of 10,000 gradients of 1e-5 by chance, zero after the cast | NumPy", int((gradients.astype("float16") == 0).sum()), "| IREE", int((run(to_half, gradients) == 0).sum()))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: to float16 | NumPy 1 7e-05 6e-05 1e-05 1e-06 1.2e-07 0 | XLA 1 7e-05 6e-05 1e-05 1e-06 1.2e-07 0 | IREE 1 7e-05 0 0 0 0 0
seen: from float16 | NumPy 1 7e-05 6e-05 1e-05 1e-06 1.2e-07 0 | IREE 1 7e-05 6e-05 1e-05 1e-06 1.2e-07 0
seen: of 10,000 gradients of 1e-5 by chance, zero after the cast | NumPy 20 | IREE 10000
EOF
