#!/usr/bin/env bash
# jax-js 0.1.25: argmax of a row that has NaN is a place that the row does not have.
#
# For a row of three it is 3, where JAX and NumPy name the first NaN. Whatever counts predictions by class, or looks one up by its number, has to
# expect a class more than the network has once its outputs are NaN.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { numpy as np } from "@jax-js/jax";
const rows = [[1, NaN, 3], [NaN, NaN, NaN], [1, 3, 2]];
console.log("seen: argmax", np.argmax(np.array(rows), 1).js().join(" "));
console.log("seen: argmin", np.argmin(np.array(rows), 1).js().join(" "));
console.log("seen: max", np.max(np.array(rows), 1).js().join(" "));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: argmax 3 3 1
seen: argmin 3 3 0
seen: max NaN NaN 3
EOF
