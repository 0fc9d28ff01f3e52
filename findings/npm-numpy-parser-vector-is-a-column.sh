#!/usr/bin/env bash
# numpy-parser 1.2.3 of npm: a vector of n numbers comes with the shape [n, 1].
#
# NumPy writes a vector's shape as (3,), and what follows the comma is read as 1. A bias added by that shape goes down the columns instead of along the
# rows: with as many examples as units nothing complains, and each example gets another unit's bias. Matrices and single numbers come right, and npyjs 1.2.0
# reads all three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check numpy==2.4.6
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund numpy-parser@1.2.3 npyjs@1.2.0 @tensorflow/tfjs-core@4.22.0 @tensorflow/tfjs-backend-cpu@4.22.0
python/bin/python - <<'EOF'
import numpy as np

for name, array in {"vector": np.arange(3), "matrix": np.ones((2, 3)), "number": np.array(7)}.items():
    np.save(name + ".npy", array.astype("float32"))
EOF
cat >try.mjs <<'EOF'
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { parse } from "npyjs";
import parser from "numpy-parser";
const bytes = (name) => new Uint8Array(readFileSync(`${name}.npy`)).buffer;
for (const name of ["vector", "matrix", "number"]) {
  console.log(`seen: ${name} | numpy-parser ${JSON.stringify(parser.fromArrayBuffer(bytes(name)).shape)} | npyjs ${JSON.stringify(parse(bytes(name)).shape)}`);
}
for (const [reader, read] of Object.entries({ "numpy-parser": parser.fromArrayBuffer, npyjs: parse })) {
  const { data, shape } = read(bytes("vector"));
  console.log(`seen: three examples of zeros plus the bias 0 1 2, by ${reader}:`, JSON.stringify(tf.add(tf.zeros([3, 3]), tf.tensor(data, shape)).arraySync()));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: vector | numpy-parser [3,1] | npyjs [3]
seen: matrix | numpy-parser [2,3] | npyjs [2,3]
seen: number | numpy-parser [] | npyjs []
seen: three examples of zeros plus the bias 0 1 2, by numpy-parser: [[0,0,0],[1,1,1],[2,2,2]]
seen: three examples of zeros plus the bias 0 1 2, by npyjs: [[0,1,2],[0,1,2],[0,1,2]]
EOF
