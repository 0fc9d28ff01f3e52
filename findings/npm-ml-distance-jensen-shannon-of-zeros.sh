#!/usr/bin/env bash
# ml-distance 5.0.0 of npm: the Jensen-Shannon divergence of two distributions with a 0 in one of them is NaN, where it is finite by definition.
#
# What makes this divergence of use beside Kullback-Leibler's is that it is finite for all distributions: 0 · log 0 counts 0, and a distribution has
# the divergence ln 2 from one that has nothing in common with it. Here a single class of probability 0, as each one-hot label has them, makes NaN,
# even of a distribution and itself; so it is with topsoe. hellinger bears zeros.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-distance@5.0.0
cat >try.mjs <<'EOF'
import { distance } from "ml-distance";

const divergence = (p, q) => {
  const middle = p.map((value, i) => (value + q[i]) / 2);
  const part = (a) => a.reduce((sum, value, i) => sum + (value ? value * Math.log(value / middle[i]) : 0), 0);
  return (part(p) + part(q)) / 2;
};
const show = (number) => number.toFixed(4);
for (const [p, q] of [
  [[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]],
  [[1, 0, 0], [0.5, 0.3, 0.2]],
  [[1, 0, 0], [0, 1, 0]],
  [[0.5, 0.5, 0], [0.5, 0.5, 0]],
])
  console.log("seen:", ...p, "to", ...q, "| by definition", show(divergence(p, q)), "|", ["jensenShannon", "topsoe", "kullbackLeibler", "hellinger"].map((name) => `${name} ${show(distance[name](p, q))}`).join(" | "));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 0.5 0.3 0.2 to 0.2 0.3 0.5 | by definition 0.0664 | jensenShannon 0.0664 | topsoe 0.1328 | kullbackLeibler 0.2749 | hellinger 0.5198
seen: 1 0 0 to 0.5 0.3 0.2 | by definition 0.2158 | jensenShannon NaN | topsoe NaN | kullbackLeibler NaN | hellinger 1.0824
seen: 1 0 0 to 0 1 0 | by definition 0.6931 | jensenShannon NaN | topsoe NaN | kullbackLeibler NaN | hellinger 2.0000
seen: 0.5 0.5 0 to 0.5 0.5 0 | by definition 0.0000 | jensenShannon NaN | topsoe NaN | kullbackLeibler NaN | hellinger 0.0000
EOF
