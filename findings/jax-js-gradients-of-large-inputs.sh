#!/usr/bin/env bash
# jax-js 0.1.25: elu, celu, selu, mish, silu, sigmoid, softplus and logSigmoid have NaN gradients from |x| = 89 on.
#
# The formula takes exp(|x|), which is infinite there in float32, also on the side that is not chosen, and infinity times 0 is NaN. The values of
# all but the last two are right, so that nothing shows until the weights are NaN. JAX gives 0 or 1. Inputs that are not scaled (pixels
# of 0 to 255) come to such sums in the first step. (An array of one number is worked out in another way, and is right.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { grad, nn, numpy as np } from "@jax-js/jax";
const gradient = (f, x) => grad((inputs) => f(inputs).sum())(np.array([x, 0])).js()[0];
for (const name of ["elu", "celu", "selu", "mish", "softplus"])
  console.log("seen:", name, "| value", nn[name](np.array([100, 0])).js()[0].toFixed(3), "| gradient at 80", gradient(nn[name], 80).toFixed(3), "at 100", gradient(nn[name], 100));
for (const name of ["silu", "sigmoid", "logSigmoid"])
  console.log("seen:", name, "| value", nn[name](np.array([-100, 0])).js()[0].toFixed(3), "| gradient at -80", Math.abs(gradient(nn[name], -80)).toFixed(3), "at -100", gradient(nn[name], -100));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: elu | value 100.000 | gradient at 80 1.000 at 100 NaN
seen: celu | value 100.000 | gradient at 80 1.000 at 100 NaN
seen: selu | value 105.070 | gradient at 80 1.051 at 100 NaN
seen: mish | value 100.000 | gradient at 80 1.000 at 100 NaN
seen: softplus | value Infinity | gradient at 80 1.000 at 100 NaN
seen: silu | value 0.000 | gradient at -80 0.000 at -100 NaN
seen: sigmoid | value 0.000 | gradient at -80 0.000 at -100 NaN
seen: logSigmoid | value -Infinity | gradient at -80 1.000 at -100 NaN
EOF
