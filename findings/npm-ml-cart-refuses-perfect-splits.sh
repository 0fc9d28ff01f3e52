#!/usr/bin/env bash
# ml-cart 2.1.1 of npm: a regression tree does not split where the split would be perfect, and gives the mean of all for a step.
#
# The "gain" of a split is for regression the error that it leaves, and a node is split only if that is larger than gainThreshold. So what a tree does
# best it doesn't do: of six times 0 and six times 10 it makes 5 everywhere, and of three steps it finds the first only. A little noise brings the
# step out, since then no split is perfect. Nothing says so; the option is said to be the smallest gain.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-cart@2.1.1
cat >try.mjs <<'EOF'
import { DecisionTreeRegression } from "ml-cart";

const x = Array.from({ length: 12 }, (_, i) => i);
const wave = x.map((i) => 100 * Math.sin(i));
const show = (numbers) => numbers.map((number) => Number(number.toPrecision(3))).join(" ");
const targets = {
  "step 0, 10": x.map((i) => (i < 6 ? 0 : 10)),
  "step with noise": x.map((i) => (i < 6 ? 0 : 10) + 0.1 * Math.sin(i)),
  "three steps 0, 10, 20": x.map((i) => 10 * Math.floor(i / 4)),
  "100 sin(x)": wave,
};
for (const [name, y] of Object.entries(targets)) {
  const tree = new DecisionTreeRegression({ minNumSamples: 1 });
  tree.train(x, y);
  console.log("seen:", name, "| values", show(y), "| tree", show(tree.predict(x)));
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: step 0, 10 | values 0 0 0 0 0 0 10 10 10 10 10 10 | tree 5 5 5 5 5 5 5 5 5 5 5 5
seen: step with noise | values 0 0.0841 0.0909 0.0141 -0.0757 -0.0959 9.97 10.1 10.1 10 9.95 9.9 | tree 0 0.0875 0.0875 0.0141 -0.0858 -0.0858 9.97 10.1 10.1 10 9.92 9.92
seen: three steps 0, 10, 20 | values 0 0 0 0 10 10 10 10 20 20 20 20 | tree 0 0 0 0 15 15 15 15 15 15 15 15
seen: 100 sin(x) | values 0 84.1 90.9 14.1 -75.7 -95.9 -27.9 65.7 98.9 41.2 -54.4 -100 | tree 0 87.5 87.5 14.1 -85.8 -85.8 -27.9 82.3 82.3 41.2 -77.2 -77.2
EOF
