#!/usr/bin/env bash
# optimization-js 1.5.0 of npm: the first and the last of several values to choose from come half as often as those between.
#
# Integer and Categorical are documented as uniform. Both round a number between the first and the last place, so that the two ends have half a unit and all
# others a whole one: of three optimizers or of the integers 1 to 3, a random search tries the middle one half of the time and each other a quarter.
# dummy_minimize and rs_minimize draw so. The order in which choices are written down decides what is tried; with two choices nothing is seen of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund optimization-js@1.5.0
cat >try.cjs <<'EOF'
const { Categorical, Integer, dummy_minimize } = require("optimization-js");
let state = 1;
Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const dimensions = { "three optimizers": Categorical(["sgd", "adam", "rmsprop"]), "two optimizers": Categorical(["sgd", "adam"]), "integers 1 to 3": Integer(1, 3), "integers 1 to 5": Integer(1, 5) };
for (const [name, dimension] of Object.entries(dimensions)) {
  const counts = new Map();
  dummy_minimize(([value]) => counts.set(value, (counts.get(value) ?? 0) + 1) && 0, [dimension], 20000);
  const parts = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, count]) => `${value} ${Math.round((100 * count) / 20000)}%`);
  console.log(`seen: ${name}, uniform ${Math.round(100 / counts.size)}% each | drawn ${parts.join(", ")}`);
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: three optimizers, uniform 33% each | drawn adam 49%, rmsprop 25%, sgd 25%
seen: two optimizers, uniform 50% each | drawn adam 50%, sgd 50%
seen: integers 1 to 3, uniform 33% each | drawn 1 26%, 2 50%, 3 25%
seen: integers 1 to 5, uniform 20% each | drawn 1 13%, 2 25%, 3 25%, 4 25%, 5 13%
EOF
