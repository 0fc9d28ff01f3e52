#!/usr/bin/env bash
# numpy-ts 1.7.0 of npm: linalg.norm of a matrix with an order is the norm of its numbers as one vector: 10 for the norm of order 1 that is 6.
#
# NumPy's orders 1, -1, 2, -2 and infinity of a matrix are the largest and smallest sums of columns, singular values and sums of rows. Here they are
# those of a vector, except "fro" and "nuc", so that order 2 is the Frobenius norm, larger than the largest singular value, which its own
# linalg.svdvals has right. Who divides a weight matrix by its spectral norm divides by too much: by 10 where it is 1, for the identity of 100 rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund numpy-ts@1.7.0
cat >try.mjs <<'EOF'
import * as np from "numpy-ts";

const rows = [[1, 2], [3, 4]];
const x = np.array(rows);
const values = np.linalg.svdvals(x).toArray();
const columns = [0, 1].map((j) => Math.abs(rows[0][j]) + Math.abs(rows[1][j]));
const sums = rows.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0));
const by = { 1: Math.max(...columns), "-1": Math.min(...columns), 2: Math.max(...values), "-2": Math.min(...values), Infinity: Math.max(...sums), fro: Math.hypot(...rows.flat()), nuc: values[0] + values[1] };
for (const [order, value] of Object.entries(by)) console.log(`seen: 1 2 | 3 4, order ${order} | by definition ${value.toFixed(3)} | norm ${Number(np.linalg.norm(x, Number.isNaN(Number(order)) ? order : Number(order))).toFixed(3)}`);
console.log("seen: identity of 100 rows, order 2 | largest singular value", Math.max(...np.linalg.svdvals(np.eye(100)).toArray()).toFixed(3), "| norm", Number(np.linalg.norm(np.eye(100), 2)).toFixed(3));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 1 2 | 3 4, order 1 | by definition 6.000 | norm 10.000
seen: 1 2 | 3 4, order 2 | by definition 5.465 | norm 5.477
seen: 1 2 | 3 4, order -1 | by definition 4.000 | norm 0.480
seen: 1 2 | 3 4, order -2 | by definition 0.366 | norm 0.838
seen: 1 2 | 3 4, order Infinity | by definition 7.000 | norm 4.000
seen: 1 2 | 3 4, order fro | by definition 5.477 | norm 5.477
seen: 1 2 | 3 4, order nuc | by definition 5.831 | norm 5.831
seen: identity of 100 rows, order 2 | largest singular value 1.000 | norm 10.000
EOF
