#!/usr/bin/env bash
# jax-js 0.1.25: the gradient of relu at 0 is 1; in JAX, PyTorch and TensorFlow it is 0.
#
# An input of exactly 0 is no rare case here: hidden weights that begin at zero, as direct feedback alignment allows, give nothing else. Layers that
# stand still with the others then learn from the first step, and a published curve from zero weights is another one. relu6 is the same, at 0
# and at 6.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { grad, nn, numpy as np } from "@jax-js/jax";
const gradient = (f, ...at) => grad((inputs) => f(inputs).sum())(np.array(at)).js().join(" ");
console.log("seen: relu at -1, 0, 1:", gradient(nn.relu, -1, 0, 1));
console.log("seen: relu6 at -1, 0, 6, 7:", gradient(nn.relu6, -1, 0, 6, 7));
const inputs = np.array([[1, 2], [3, 4]]);
const loss = (kernel) => nn.relu(np.matmul(inputs.ref, kernel)).sum();
console.log("seen: gradient of a kernel of zeros under relu:", grad(loss)(np.zeros([2, 1])).js().join(" "));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: relu at -1, 0, 1: 0 1 1
seen: relu6 at -1, 0, 6, 7: 0 1 1 0
seen: gradient of a kernel of zeros under relu: 4 6
EOF
