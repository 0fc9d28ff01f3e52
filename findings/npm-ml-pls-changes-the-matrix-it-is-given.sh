#!/usr/bin/env bash
# ml-pls 4.4.1 of npm: predict standardises the caller's own matrix, so that a second call gives other predictions; with scale: false predictions are off everywhere.
#
# A Matrix of ml-matrix, which it asks for or makes of arrays, is changed in place: means are taken away and deviations divided out, and the next
# predict on it does so once more. With scale: false it is train that leaves nothing of it but rounding errors, and predict multiplies by the
# deviation and adds the mean of targets that were never standardised: 2 is predicted as 10.16. With plain arrays, or a clone, and scale: true there
# is none of this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-pls@4.4.1 ml-matrix@6.15.1
cat >try.mjs <<'EOF'
import { Matrix } from "ml-matrix";
import { PLS } from "ml-pls";

const X = [[1], [2], [3], [4]];
const Y = [[2], [4], [6], [8]];
const show = (matrix) => matrix.to1DArray().map((number) => (Math.round(number * 100) / 100 + 0).toFixed(2)).join(" ");
for (const scale of [true, false]) {
  const [inputs, targets] = [new Matrix(X), new Matrix(Y)];
  const model = new PLS({ latentVectors: 1, tolerance: 1e-9, scale });
  model.train(inputs, targets);
  console.log(`seen: scale ${scale} | after train: inputs ${show(inputs)} | targets ${show(targets)}`);
  const queries = new Matrix(X);
  for (const call of [1, 2]) console.log(`seen: scale ${scale} | predict, call ${call}: ${show(model.predict(queries))} | queries then ${show(queries)}`);
  console.log(`seen: scale ${scale} | predict of arrays: ${show(model.predict(X))}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: scale true | after train: inputs 1.00 2.00 3.00 4.00 | targets 2.00 4.00 6.00 8.00
seen: scale true | predict, call 1: 2.00 4.00 6.00 8.00 | queries then -1.16 -0.39 0.39 1.16
seen: scale true | predict, call 2: -2.32 -0.77 0.77 2.32 | queries then -2.84 -2.24 -1.64 -1.04
seen: scale true | predict of arrays: 2.00 4.00 6.00 8.00
seen: scale false | after train: inputs 0.00 0.00 0.00 0.00 | targets 0.00 0.00 0.00 0.00
seen: scale false | predict, call 1: 10.16 15.33 20.49 25.66 | queries then 1.00 2.00 3.00 4.00
seen: scale false | predict, call 2: 10.16 15.33 20.49 25.66 | queries then 1.00 2.00 3.00 4.00
seen: scale false | predict of arrays: 10.16 15.33 20.49 25.66
EOF
