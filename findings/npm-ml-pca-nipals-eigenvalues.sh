#!/usr/bin/env bash
# ml-pca 4.1.1 of npm: with the method "NIPALS", eigenvalues are as many times too large as there are examples, less one.
#
# getEigenvalues and getStandardDeviations are those of the data's covariance with the methods "SVD" (the default) and "covarianceMatrix". With
# "NIPALS" they are not divided by the number of examples less one: of a hundred examples the variance is ninety-nine times as large, and the standard
# deviation almost ten times. The shares of variance are the same in all three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-pca@4.1.1 ml-matrix@6.15.1
cat >try.mjs <<'EOF'
import { Matrix } from "ml-matrix";
import { PCA } from "ml-pca";

let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const show = (numbers) => numbers.map((number) => number.toFixed(3)).join(" ");
for (const examples of [10, 100, 1000]) {
  const data = Array.from({ length: examples }, () => [4 * random(), 2 * random()]);
  const variances = Matrix.checkMatrix(data).variance("column").reduce((a, b) => a + b);
  for (const method of ["SVD", "covarianceMatrix", "NIPALS"]) {
    const pca = new PCA(data, { method, nCompNIPALS: 2 });
    const eigenvalues = pca.getEigenvalues();
    console.log("seen:", examples, "examples,", method, "| eigenvalues", show(eigenvalues), "| their sum by the data's variance", show([(eigenvalues[0] + eigenvalues[1]) / variances]), "| deviations", show(pca.getStandardDeviations()), "| shares", show(pca.getExplainedVariance()));
  }
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 10 examples, SVD | eigenvalues 1.568 0.380 | their sum by the data's variance 1.000 | deviations 1.252 0.617 | shares 0.805 0.195
seen: 10 examples, covarianceMatrix | eigenvalues 1.568 0.380 | their sum by the data's variance 1.000 | deviations 1.252 0.617 | shares 0.805 0.195
seen: 10 examples, NIPALS | eigenvalues 14.115 3.424 | their sum by the data's variance 9.000 | deviations 3.757 1.850 | shares 0.805 0.195
seen: 100 examples, SVD | eigenvalues 1.354 0.317 | their sum by the data's variance 1.000 | deviations 1.164 0.563 | shares 0.810 0.190
seen: 100 examples, covarianceMatrix | eigenvalues 1.354 0.317 | their sum by the data's variance 1.000 | deviations 1.164 0.563 | shares 0.810 0.190
seen: 100 examples, NIPALS | eigenvalues 134.058 31.382 | their sum by the data's variance 99.000 | deviations 11.578 5.602 | shares 0.810 0.190
seen: 1000 examples, SVD | eigenvalues 1.274 0.325 | their sum by the data's variance 1.000 | deviations 1.129 0.570 | shares 0.797 0.203
seen: 1000 examples, covarianceMatrix | eigenvalues 1.274 0.325 | their sum by the data's variance 1.000 | deviations 1.129 0.570 | shares 0.797 0.203
seen: 1000 examples, NIPALS | eigenvalues 1272.458 325.081 | their sum by the data's variance 999.000 | deviations 35.672 18.030 | shares 0.797 0.203
EOF
