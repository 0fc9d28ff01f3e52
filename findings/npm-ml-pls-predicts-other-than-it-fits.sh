#!/usr/bin/env bash
# ml-pls 4.4.1 of npm: predict does not give what the model has fitted, and with all latent vectors PLS is not the least squares fit that it should be.
#
# The scores T, coefficients B and loadings Q that train leaves do make that fit, to the last digit, from T·B·Q'. predict multiplies the inputs by
# P·B·Q', which would be right if T were X·P; by the paper (Geladi and Kowalski 1986) and in other programs it is X·W(P'W)⁻¹. So even the training
# examples get other values than those fitted, and the error is larger than it needs to be. With one input, or uncorrelated ones, there is no
# difference.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-pls@4.4.1 ml-matrix@6.15.1
cat >try.mjs <<'EOF'
import { inverse, Matrix, solve } from "ml-matrix";
import { PLS } from "ml-pls";

const X = [[1, 2, 0.3], [2, 1.5, 1], [3, 5, 0.2], [4, 4.1, 7], [5, 7, 2], [6, 1, 4]];
const y = [3, 3.5, 8, 8.1, 12, 2];
const show = (numbers) => numbers.map((number) => number.toFixed(2)).join(" ");
const error = (numbers) => numbers.reduce((sum, number, i) => sum + (number - y[i]) ** 2, 0).toFixed(2);
for (const inputs of [1, 2, 3]) {
  const rows = X.map((row) => row.slice(0, inputs));
  const model = new PLS({ latentVectors: inputs, tolerance: 1e-9 });
  model.train(rows, y.map((value) => [value]));
  const design = new Matrix(rows.map((row) => [...row, 1]));
  const unscale = (column) => column.to1DArray().map((value) => value * model.stdDevY[0] + model.meanY[0]);
  const scaled = new Matrix(rows).subRowVector(model.meanX).divRowVector(model.stdDevX);
  const { B, P, Q, T, W } = model;
  const results = {
    "least squares": design.mmul(solve(design, Matrix.columnVector(y))).to1DArray(),
    "T·B·Q'": unscale(T.mmul(B).mmul(Q.transpose())),
    "X·W(P'W)⁻¹·B·Q'": unscale(scaled.mmul(W).mmul(inverse(P.transpose().mmul(W))).mmul(B).mmul(Q.transpose())),
    predict: model.predict(rows).to1DArray(),
  };
  for (const [name, numbers] of Object.entries(results)) console.log(`seen: ${inputs} inputs, ${inputs} latent vectors | ${name}: ${show(numbers)} | squared errors ${error(numbers)}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 1 inputs, 1 latent vectors | least squares: 4.63 5.22 5.81 6.39 6.98 7.57 | squared errors 69.54
seen: 1 inputs, 1 latent vectors | T·B·Q': 4.63 5.22 5.81 6.39 6.98 7.57 | squared errors 69.54
seen: 1 inputs, 1 latent vectors | X·W(P'W)⁻¹·B·Q': 4.63 5.22 5.81 6.39 6.98 7.57 | squared errors 69.54
seen: 1 inputs, 1 latent vectors | predict: 4.63 5.22 5.81 6.39 6.98 7.57 | squared errors 69.54
seen: 2 inputs, 2 latent vectors | least squares: 3.53 2.82 8.59 7.23 12.03 2.40 | squared errors 2.01
seen: 2 inputs, 2 latent vectors | T·B·Q': 3.53 2.82 8.59 7.23 12.03 2.40 | squared errors 2.01
seen: 2 inputs, 2 latent vectors | X·W(P'W)⁻¹·B·Q': 3.53 2.82 8.59 7.23 12.03 2.40 | squared errors 2.01
seen: 2 inputs, 2 latent vectors | predict: 3.10 2.76 8.16 7.25 11.78 3.55 | squared errors 3.77
seen: 3 inputs, 3 latent vectors | least squares: 3.49 2.73 8.27 8.13 11.79 2.20 | squared errors 0.99
seen: 3 inputs, 3 latent vectors | T·B·Q': 3.49 2.73 8.27 8.13 11.79 2.20 | squared errors 0.99
seen: 3 inputs, 3 latent vectors | X·W(P'W)⁻¹·B·Q': 3.49 2.73 8.27 8.13 11.79 2.20 | squared errors 0.99
seen: 3 inputs, 3 latent vectors | predict: 2.61 2.55 7.30 8.56 11.25 4.34 | squared errors 7.80
EOF
