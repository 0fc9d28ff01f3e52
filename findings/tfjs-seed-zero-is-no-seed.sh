#!/usr/bin/env bash
# TensorFlow.js 4.22.0: with a seed of 0 the normal, truncated normal and orthogonal initializers draw other numbers each time.
#
# So do heNormal, glorotNormal and leCunNormal, and tf.randomNormal and tf.truncatedNormal behind them: 0 is taken for "no seed". The uniform ones
# take it as the seed it is, as all do with 1. Whoever numbers their runs from 0 cannot repeat the first, if its layers begin with normal numbers.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @tensorflow/tfjs@4.22.0
cat >try.mjs <<'EOF'
import * as tf from "@tensorflow/tfjs";
const names = ["glorotUniform", "heUniform", "glorotNormal", "heNormal", "randomNormal", "truncatedNormal", "orthogonal"];
for (const seed of [0, 1]) {
  const drawn = (name) => tf.initializers[name]({ seed }).apply([4, 4]).dataSync().join();
  for (const name of names) console.log("seen: seed", seed, name, drawn(name) === drawn(name) ? "same" : "other numbers");
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: seed 0 glorotUniform same
seen: seed 0 heUniform same
seen: seed 0 glorotNormal other numbers
seen: seed 0 heNormal other numbers
seen: seed 0 randomNormal other numbers
seen: seed 0 truncatedNormal other numbers
seen: seed 0 orthogonal other numbers
seen: seed 1 glorotUniform same
seen: seed 1 heUniform same
seen: seed 1 glorotNormal same
seen: seed 1 heNormal same
seen: seed 1 randomNormal same
seen: seed 1 truncatedNormal same
seen: seed 1 orthogonal same
EOF
