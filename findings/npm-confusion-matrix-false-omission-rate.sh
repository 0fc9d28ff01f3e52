#!/usr/bin/env bash
# ml-confusion-matrix 2.0.0 of npm: getFalseOmissionRate is the miss rate, so that it and the negative predictive value do not add up to 1.
#
# The false omission rate is the part of those predicted negative that are positive, FN / (FN + TN); what is given is FN / (FN + TP), which
# getFalseNegativeRate gives, too. For a rare class the two are far apart: of 10 among 1,000, 5 of them missed, 0.5 % of what was called negative is wrong,
# and 50 % is reported. The other rates are by their definitions.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-confusion-matrix@2.0.0
cat >try.mjs <<'EOF'
import { ConfusionMatrix } from "ml-confusion-matrix";
const show = (value) => value.toFixed(3);
const cases = { "three classes": [[0, 0, 0, 1, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 2, 1, 2, 2, 0, 2]], "rare class": [Array.from({ length: 1000 }, (_, k) => (k < 10 ? 0 : 1)), Array.from({ length: 1000 }, (_, k) => (k < 5 ? 0 : 1))] };
for (const [name, [actual, predicted]] of Object.entries(cases)) {
  const matrix = ConfusionMatrix.fromLabels(actual, predicted);
  const count = (is, said) => actual.filter((label, k) => (label === 0) === is && (predicted[k] === 0) === said).length;
  const [tp, fn, fp, tn] = [count(true, true), count(true, false), count(false, true), count(false, false)];
  const rates = {
    getTruePositiveRate: tp / (tp + fn), getTrueNegativeRate: tn / (tn + fp), getPositivePredictiveValue: tp / (tp + fp), getNegativePredictiveValue: tn / (tn + fn),
    getFalseNegativeRate: fn / (fn + tp), getFalsePositiveRate: fp / (fp + tn), getFalseDiscoveryRate: fp / (fp + tp), getFalseOmissionRate: fn / (fn + tn),
  };
  const other = Object.entries(rates).filter(([rate, right]) => Math.abs(matrix[rate](0) - right) > 1e-9);
  console.log(`seen: ${name}, class 0: ${tp} found, ${fn} missed, ${fp} false, ${tn} rightly not | not as defined:`, ...other.map(([rate, right]) => `${rate} ${show(matrix[rate](0))} for ${show(right)}`));
  console.log(`seen: ${name}, class 0: getFalseOmissionRate + getNegativePredictiveValue = ${show(matrix.getFalseOmissionRate(0) + matrix.getNegativePredictiveValue(0))}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: three classes, class 0: 2 found, 1 missed, 1 false, 6 rightly not | not as defined: getFalseOmissionRate 0.333 for 0.143
seen: three classes, class 0: getFalseOmissionRate + getNegativePredictiveValue = 1.190
seen: rare class, class 0: 5 found, 5 missed, 0 false, 990 rightly not | not as defined: getFalseOmissionRate 0.500 for 0.005
seen: rare class, class 0: getFalseOmissionRate + getNegativePredictiveValue = 1.495
EOF
