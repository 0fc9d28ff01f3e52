#!/usr/bin/env bash
# machinelearn 2.1.5 of npm: rows and columns of confusion_matrix have different classes, and the number of misclassifications is always 0.
#
# Rows come in the order in which classes first appear among the true labels, columns in that of the predictions; the description of its labels says that
# classes are sorted (its example shows a mixed one). For 0 1 1 0 with 1 1 1 0 predicted, three are right and the diagonal has one: the columns are those
# of 1 and 0. A class that is only predicted has no row, and takes a column from another. zeroOneLoss with normalize false, documented as the number of
# misclassifications, is 0. By hand are the numbers of sorted classes, as scikit-learn has them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund machinelearn@2.1.5
cat >try.cjs <<'EOF'
const { confusion_matrix, zeroOneLoss, accuracyScore } = require("machinelearn/metrics");
const show = (matrix) => matrix.map((row) => row.join(" ")).join(" / ");
const byHand = (actual, predicted) => {
  const classes = [...new Set([...actual, ...predicted])].sort();
  return classes.map((row) => classes.map((column) => actual.filter((label, k) => label === row && predicted[k] === column).length));
};
const trace = (matrix) => matrix.reduce((sum, row, k) => sum + row[k], 0);
const cases = { "0 first in one, 1 in the other": [[0, 1, 1, 0], [1, 1, 1, 0]], "same order": [[0, 1, 1, 0], [0, 1, 0, 0]], "a class only predicted": [[0, 0, 1, 1], [2, 0, 1, 1]], "sorted neither": [[2, 1, 0, 2, 1, 0], [2, 1, 0, 2, 1, 1]] };
for (const [name, [actual, predicted]] of Object.entries(cases)) {
  const given = confusion_matrix(actual, predicted);
  const right = byHand(actual, predicted);
  console.log(`seen: ${name} | by hand ${show(right)}, right ${trace(right)} of ${actual.length} | given ${show(given)}, on the diagonal ${trace(given)} | wrong ${actual.length - trace(right)}, zeroOneLoss ${zeroOneLoss(actual, predicted, { normalize: false })}, accuracyScore ${accuracyScore(actual, predicted).toFixed(2)}`);
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 0 first in one, 1 in the other | by hand 1 1 / 0 2, right 3 of 4 | given 1 1 / 2 0, on the diagonal 1 | wrong 1, zeroOneLoss 0, accuracyScore 0.75
seen: same order | by hand 2 0 / 1 1, right 3 of 4 | given 2 0 / 1 1, on the diagonal 3 | wrong 1, zeroOneLoss 0, accuracyScore 0.75
seen: a class only predicted | by hand 1 0 1 / 0 2 0 / 0 0 0, right 3 of 4 | given 1 1 / 0 0, on the diagonal 1 | wrong 1, zeroOneLoss 0, accuracyScore 0.75
seen: sorted neither | by hand 1 1 0 / 0 2 0 / 0 0 2, right 5 of 6 | given 2 0 0 / 0 2 0 / 0 1 1, on the diagonal 5 | wrong 1, zeroOneLoss 0, accuracyScore 0.83
EOF
