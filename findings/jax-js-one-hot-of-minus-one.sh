#!/usr/bin/env bash
# jax-js 0.1.25: the one-hot row of the label -1 is all ones.
#
# JAX gives a row of zeros, whose cross-entropy is 0: the way in which examples that fill up a batch are left out of a loss. Here such an
# example counts as if it were of every class at once. A label that is too large does give zeros.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.mjs <<'EOF'
import { nn, numpy as np } from "@jax-js/jax";
for (const label of [0, 2, 3, 7, -1, -2])
  console.log("seen:", label, "|", nn.oneHot(np.array([label], { dtype: "int32" }), 3).js()[0].join(" "));
const logits = np.array([[2, 0, 1]]);
const loss = (label) => nn.oneHot(np.array([label], { dtype: "int32" }), 3).mul(nn.logSoftmax(logits.ref)).sum().neg().js();
console.log("seen: cross-entropy of label 3 and of -1:", Math.abs(loss(3)).toFixed(3), loss(-1).toFixed(3));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 0 | 1 0 0
seen: 2 | 0 0 1
seen: 3 | 0 0 0
seen: 7 | 0 0 0
seen: -1 | 1 1 1
seen: -2 | 1 1 1
seen: cross-entropy of label 3 and of -1: 0.000 4.223
EOF
