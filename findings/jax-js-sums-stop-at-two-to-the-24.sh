#!/usr/bin/env bash
# jax-js 0.1.25, wasm: the sum of twenty million ones is 16,777,216, and their mean is 0.84.
#
# One float32 adds up the whole array, so that from 2^24 on another 1 is lost; the products of dot are the same. JAX and NumPy sum in parts and are
# right. Fewer numbers than that lose digits earlier: the mean square of all pixels of MNIST (47 million) is of this size.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { numpy as np } from "@jax-js/jax";
const count = 20_000_000;
console.log("seen: sum", np.sum(np.ones([count])).js(), "mean", np.mean(np.ones([count])).js().toFixed(4));
console.log("seen: variance of ones", np.var_(np.ones([count])).js().toFixed(4));
console.log("seen: product of a row and a column of ones", np.dot(np.ones([1, count]), np.ones([count, 1])).js()[0][0]);
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: sum 16777216 mean 0.8389
seen: variance of ones 0.0262
seen: product of a row and a column of ones 16777216
EOF
