#!/usr/bin/env bash
# ml-logistic-regression 2.0.0 of npm: the model has no intercept, so that 1 2 3 and 4 5 6 can't be told apart; of classes 1 and 2, the second is predicted as 0.
#
# The probability is the sigmoid of weights times inputs, and nothing is added; no option does it. One feature can only be cut at 0: of 1 2 3 in class
# 0 and 4 5 6 in class 1 all are put in one class, however long it learns. With a column of ones beside them all are right. Classes must be counted
# from 0, which is written nowhere: two classes 1 and 2 are taken for 0 and 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-logistic-regression@2.0.0 ml-matrix@6.15.1
cat >try.mjs <<'EOF'
import LogisticRegression from "ml-logistic-regression";
import { Matrix } from "ml-matrix";

const predict = (rows, labels, numSteps) => {
  const model = new LogisticRegression({ numSteps, learningRate: 0.05 });
  const inputs = new Matrix(rows);
  model.train(inputs, Matrix.columnVector(labels));
  return [...model.predict(inputs)].join(" ");
};
const labels = [0, 0, 0, 1, 1, 1];
for (const steps of [100, 1000, 20000])
  console.log("seen: 1 2 3 | 4 5 6 of classes", ...labels, "|", steps, "steps | predicted", predict([1, 2, 3, 4, 5, 6].map((x) => [x]), labels, steps), "| with a column of ones", predict([1, 2, 3, 4, 5, 6].map((x) => [x, 1]), labels, steps));
console.log("seen: -3 -2 -1 | 1 2 3 of classes", ...labels, "| predicted", predict([-3, -2, -1, 1, 2, 3].map((x) => [x]), labels, 1000));
console.log("seen: -3 -2 -1 | 1 2 3 of classes 1 1 1 2 2 2 | predicted", predict([-3, -2, -1, 1, 2, 3].map((x) => [x]), [1, 1, 1, 2, 2, 2], 1000));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 1 2 3 | 4 5 6 of classes 0 0 0 1 1 1 | 100 steps | predicted 1 1 1 1 1 1 | with a column of ones 0 0 0 1 1 1
seen: 1 2 3 | 4 5 6 of classes 0 0 0 1 1 1 | 1000 steps | predicted 1 1 1 1 1 1 | with a column of ones 0 0 0 1 1 1
seen: 1 2 3 | 4 5 6 of classes 0 0 0 1 1 1 | 20000 steps | predicted 1 1 1 1 1 1 | with a column of ones 0 0 0 1 1 1
seen: -3 -2 -1 | 1 2 3 of classes 0 0 0 1 1 1 | predicted 0 0 0 1 1 1
seen: -3 -2 -1 | 1 2 3 of classes 1 1 1 2 2 2 | predicted 1 1 1 0 0 0
EOF
