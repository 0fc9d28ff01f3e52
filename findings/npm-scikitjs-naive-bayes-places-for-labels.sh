#!/usr/bin/env bash
# scikitjs 1.24.0 of npm: GaussianNB predicts 0 and 1 for the labels 5 and 9, its probabilities don't add up to 1, and with 30 features all examples are of the first class.
#
# predict gives the class's place among the sorted labels instead of the label; predictProba, said to be the probability of each label, is the product
# of the features' densities, without a division by their sum. In float32 that product is 0 for all classes where it is below 1e-45 or so: for 30
# features of deviation 17, which tell the classes apart without one error, or for an example some deviations away. predict then takes the first
# class. Logarithms are what this is computed with elsewhere.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund scikitjs@1.24.0 @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const scikit = require("scikitjs");
scikit.setBackend(tf);
let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const show = (numbers) => numbers.map((number) => Number(number.toPrecision(3))).join(" ");
const fit = async (rows, labels) => {
  const model = new scikit.GaussianNB();
  await model.fit(rows, labels);
  return model;
};
const small = await fit([[1, 2], [2, 1], [3, 3], [8, 9], [9, 8], [7, 7]], [5, 5, 5, 9, 9, 9]);
for (const row of [[2, 2], [8, 8], [40, 40]]) console.log("seen: labels 5 and 9, about 2 and about 8 | example", show(row), "| predict", show(small.predict([row]).arraySync()), "| predictProba", show(small.predictProba([row]).arraySync()[0]));
for (const features of [5, 30, 60]) {
  const labels = Array.from({ length: 100 }, (_, i) => i % 2);
  const rows = labels.map((label) => Array.from({ length: features }, () => 60 * random() + 60 * label));
  const predicted = (await fit(rows, labels)).predict(rows).arraySync();
  console.log(`seen: ${features} features, 0 … 60 in class 0 and 60 … 120 in class 1 | right of 50 and 50:`, ...[0, 1].map((label) => predicted.filter((value, i) => labels[i] === label && value === label).length));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: labels 5 and 9, about 2 and about 8 | example 2 2 | predict 0 | predictProba 0.239 8.43e-25
seen: labels 5 and 9, about 2 and about 8 | example 8 8 | predict 1 | predictProba 8.43e-25 0.239
seen: labels 5 and 9, about 2 and about 8 | example 40 40 | predict 0 | predictProba 0 0
seen: 5 features, 0 … 60 in class 0 and 60 … 120 in class 1 | right of 50 and 50: 50 50
seen: 30 features, 0 … 60 in class 0 and 60 … 120 in class 1 | right of 50 and 50: 50 0
seen: 60 features, 0 … 60 in class 0 and 60 … 120 in class 1 | right of 50 and 50: 50 0
EOF
