#!/usr/bin/env bash
# IREE 3.13.0, processor: jnp.sinc(-0.00000001) is -1.98, since the sine of a small number below 0 has the wrong sign or few right digits.
#
# sin(-1e-8) is 6.2e-8, sin(-1e-6) a tenth too small, sin(-0.0001) has three right digits; above 0 all are right to six and more. The error is 7e-8 at most,
# which is nothing to a sum and much to what divides by the argument or compares signs: sinc, filters made of it, derivatives taken as differences. XLA is
# right on both sides.
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

for size in [1e-8, 1e-6, 1e-4, 1e-2, 1]:
    x = np.array([size, -size], "float32")
    right = np.sin(x.astype("float64"))
    off = {name: [f"{error:.0e}" if error > 2e-6 else "less than 2e-6" for error in abs(values / right - 1)] for name, values in {"XLA": np.asarray(jnp.sin(x)), "IREE": run(jnp.sin, x)}.items()}
    print("seen:", f"{size:g}:", "off by, as a part of it,", *(f"| {name} above 0 {above}, below {below}" for name, (above, below) in off.items()))
small = np.array([-1e-8, -1e-6, 1e-8], "float32")
for name, values in {"NumPy": np.sinc(small.astype("float64")), "XLA": np.asarray(jnp.sinc(small)), "IREE": run(jnp.sinc, small)}.items():
    print("seen: sinc of -1e-8, -1e-6 and 1e-8 |", name, *(f"{value:.2f}" for value in values))
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 1e-08: off by, as a part of it, | XLA above 0 less than 2e-6, below less than 2e-6 | IREE above 0 less than 2e-6, below 7e+00
seen: 1e-06: off by, as a part of it, | XLA above 0 less than 2e-6, below less than 2e-6 | IREE above 0 less than 2e-6, below 1e-01
seen: 0.0001: off by, as a part of it, | XLA above 0 less than 2e-6, below less than 2e-6 | IREE above 0 less than 2e-6, below 6e-04
seen: 0.01: off by, as a part of it, | XLA above 0 less than 2e-6, below less than 2e-6 | IREE above 0 less than 2e-6, below 3e-06
seen: 1: off by, as a part of it, | XLA above 0 less than 2e-6, below less than 2e-6 | IREE above 0 less than 2e-6, below less than 2e-6
seen: sinc of -1e-8, -1e-6 and 1e-8 | NumPy 1.00 1.00 1.00
seen: sinc of -1e-8, -1e-6 and 1e-8 | XLA 1.00 1.00 1.00
seen: sinc of -1e-8, -1e-6 and 1e-8 | IREE -1.98 0.96 1.00
EOF
