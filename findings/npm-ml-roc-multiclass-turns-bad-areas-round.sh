#!/usr/bin/env bash
# ml-roc-multiclass 0.2.0 of npm: an area under the curve below 0.5 is turned round, for each pair of classes by itself, so that predictions by chance are better than chance.
#
# A classifier that ranks everything the wrong way has the area 1, like a perfect one; nothing in the readme says so. Of random scores the mean area
# is 0.5 by definition. Here it is 0.60 for ten examples of each of two classes, and since each pair is turned to its better side, no number of
# classes brings it down; a ranking that is right between two of three classes and wrong between others is perfect.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-roc-multiclass@0.2.0
cat >try.mjs <<'EOF'
import roc from "ml-roc-multiclass";

const { getAuc, getRocCurve } = roc;
let state = 1;
const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
const area = (targets, scores) => getAuc(getRocCurve(targets, scores));
const byRanks = (targets, scores) => {
  const [low, high] = ["a", "b"].map((name) => scores.filter((_, i) => targets[i] === name));
  return high.flatMap((x) => low.map((y) => (x > y) + (x === y) / 2)).reduce((sum, value) => sum + value, 0) / low.length / high.length;
};
const two = ["a", "a", "a", "b", "b", "b"];
for (const scores of [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1], [2, 4, 6, 1, 3, 5], [1, 3, 5, 2, 4, 6]]) console.log(`seen: classes ${two.join(" ")}, scores ${scores.join(" ")} | area by ranks ${byRanks(two, scores).toFixed(3)} | getAuc ${area(two, scores).toFixed(3)}`);
const three = ["a", "a", "b", "b", "c", "c"];
for (const scores of [[1, 2, 3, 4, 5, 6], [5, 6, 1, 2, 3, 4]]) console.log(`seen: classes ${three.join(" ")}, scores ${scores.join(" ")} | getAuc ${area(three, scores).toFixed(3)}`);
for (const classes of [2, 3, 5]) {
  const targets = Array.from({ length: 10 * classes }, (_, i) => "abcde"[i % classes]);
  let sum = 0;
  for (let run = 0; run < 500; run++) sum += area(targets, targets.map(random));
  console.log(`seen: ${classes} classes, ten random scores each, mean of 500 areas: ${(sum / 500).toFixed(2)}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: classes a a a b b b, scores 1 2 3 4 5 6 | area by ranks 1.000 | getAuc 1.000
seen: classes a a a b b b, scores 6 5 4 3 2 1 | area by ranks 0.000 | getAuc 1.000
seen: classes a a a b b b, scores 2 4 6 1 3 5 | area by ranks 0.333 | getAuc 0.667
seen: classes a a a b b b, scores 1 3 5 2 4 6 | area by ranks 0.667 | getAuc 0.667
seen: classes a a b b c c, scores 1 2 3 4 5 6 | getAuc 1.000
seen: classes a a b b c c, scores 5 6 1 2 3 4 | getAuc 1.000
seen: 2 classes, ten random scores each, mean of 500 areas: 0.60
seen: 3 classes, ten random scores each, mean of 500 areas: 0.61
seen: 5 classes, ten random scores each, mean of 500 areas: 0.61
EOF
