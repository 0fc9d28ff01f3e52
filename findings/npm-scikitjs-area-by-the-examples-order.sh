#!/usr/bin/env bash
# scikitjs 1.24.0 of npm: metrics.rocAucScore is another number for the same examples in another order, from 0 to 1.5, and 0.5 for perfect predictions.
#
# It takes the labels and the predictions, as they come, for the corners of the curve, and computes the area of that polygon: no threshold is ever
# tried. So 0.1 0.4 0.35 0.8 of the classes 0 0 1 1, scikit-learn's own example with the area 0.75, has 0.375, and something between 0.025 and 0.925
# in its other orders. Predictions of 0 and 1 that are all right have 0.5, as if by chance.
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
const orders = (items) => (items.length < 2 ? [items] : items.flatMap((item, i) => orders(items.toSpliced(i, 1)).map((rest) => [item, ...rest])));
const byRanks = (labels, scores) => {
  const [low, high] = [0, 1].map((label) => scores.filter((_, i) => labels[i] === label));
  return high.flatMap((x) => low.map((y) => (x > y) + (x === y) / 2)).reduce((sum, value) => sum + value, 0) / low.length / high.length;
};
for (const [labels, scores] of [
  [[0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]],
  [[0, 0, 1, 1], [0, 0, 1, 1]],
  [[0, 1, 0, 1], [0.2, 0.9, 0.1, 0.8]],
  [[1, 0, 1, 1, 0], [1, 1, 0, 1, 0]],
]) {
  const areas = orders(labels.map((_, i) => i)).map((order) => scikit.metrics.rocAucScore(order.map((i) => labels[i]), order.map((i) => scores[i])));
  console.log(`seen: classes ${labels.join(" ")}, scores ${scores.join(" ")} | by ranks ${byRanks(labels, scores).toFixed(3)} | rocAucScore ${areas[0].toFixed(3)}, in other orders ${Math.min(...areas).toFixed(3)} … ${Math.max(...areas).toFixed(3)}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: classes 0 0 1 1, scores 0.1 0.4 0.35 0.8 | by ranks 0.750 | rocAucScore 0.375, in other orders 0.025 … 0.925
seen: classes 0 0 1 1, scores 0 0 1 1 | by ranks 1.000 | rocAucScore 0.500, in other orders 0.500 … 0.500
seen: classes 0 1 0 1, scores 0.2 0.9 0.1 0.8 | by ranks 1.000 | rocAucScore 0.500, in other orders 0.350 … 0.650
seen: classes 1 0 1 1 0, scores 1 1 0 1 0 | by ranks 0.583 | rocAucScore 0.000, in other orders 0.000 … 1.500
EOF
