#!/usr/bin/env bash
# jax-js 0.1.25: the gradient of x squared at 0 is NaN when it is written as a power, and so is 0 to the power of 0.
#
# power(x, n) is taken as exp(n log x) with a mended sign. JAX gives 0 and 1. A squared error written so makes the weights NaN with the first
# output that is exact, and a penalty of squared weights with the first that is 0, as biases are before the first step; square(x) is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { grad, numpy as np } from "@jax-js/jax";
const gradient = (f) => grad((inputs) => f(inputs).sum())(np.array([0, 1])).js().join(" ");
console.log("seen: gradient at 0 and 1: power(x, 2)", gradient((x) => np.power(x, 2)), "| square", gradient(np.square), "| x times x", gradient((x) => x.ref.mul(x)));
console.log("seen: gradient at 0 and 1: power(x, 1)", gradient((x) => np.power(x, 1)), "| prod", gradient(np.prod));
console.log("seen: 0 to the power of 0 and of 2:", np.power(np.array([0, 0]), np.array([0, 2])).js().join(" "));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: gradient at 0 and 1: power(x, 2) NaN 2 | square 0 2 | x times x 0 2
seen: gradient at 0 and 1: power(x, 1) NaN 1 | prod NaN 0
seen: 0 to the power of 0 and of 2: NaN 0
EOF
