#!/usr/bin/env bash
# neataptic 1.4.7 of npm: the cross-entropy of a perfect output is NaN, and the squared logarithmic error is neither squared nor at least 0.
#
# CROSS_ENTROPY keeps the logarithm of the output from 0, and not that of 1 - output: where 1 was the target, an output of exactly 1, which a logistic unit
# gives from a sum of 37 on, makes 0 times infinity. train ends with the round in which that happens, whatever else is still wrong, since NaN is not above
# the target error. MSLE adds log(target) - log(output) without a square: too large an output makes a negative error, and errors of two signs cancel.
# Whoever selects networks by the smallest MSLE, as evolve does, gets those with the largest outputs.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund neataptic@1.4.7
cat >try.cjs <<'EOF'
const { Network, methods } = require("neataptic");
const { CROSS_ENTROPY, MSLE } = methods.cost;
const msle = (targets, outputs) => targets.reduce((sum, target, k) => sum + (Math.log1p(target) - Math.log1p(outputs[k])) ** 2, 0) / targets.length;
for (const [targets, outputs] of [[[1, 0], [0.999, 0.001]], [[1, 0], [1, 0]], [[0, 1], [1, 1]]]) {
  console.log(`seen: cross-entropy of ${outputs.join(" ")} for ${targets.join(" ")}: ${CROSS_ENTROPY(targets, outputs).toFixed(4)}`);
}
for (const [targets, outputs] of [[[1], [1]], [[1], [3]], [[3], [1]], [[1, 3], [3, 1]]]) {
  console.log(`seen: squared logarithmic error of ${outputs.join(" ")} for ${targets.join(" ")}: ${msle(targets, outputs).toFixed(4)} | given ${MSLE(targets, outputs).toFixed(4)}`);
}
const network = new Network(1, 1);
network.connections[0].weight = 40;
network.nodes[1].bias = 0;
const set = [{ input: [1], output: [1] }, { input: [-1], output: [0] }, { input: [0.01], output: [0] }];
const { error, iterations } = network.train(set, { cost: methods.cost.CROSS_ENTROPY, error: 0.001, iterations: 1000, rate: 0.1 });
console.log(`seen: training of at most 1000 rounds, one of three examples still wrong (${network.activate([0.01])[0].toFixed(2)} for 0): ended after ${iterations}, error ${error}`);
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: cross-entropy of 0.999 0.001 for 1 0: 0.0010
seen: cross-entropy of 1 0 for 1 0: NaN
seen: cross-entropy of 1 1 for 0 1: NaN
seen: squared logarithmic error of 1 for 1: 0.0000 | given 0.0000
seen: squared logarithmic error of 3 for 1: 0.4805 | given -1.0986
seen: squared logarithmic error of 1 for 3: 0.4805 | given 1.0986
seen: squared logarithmic error of 3 1 for 1 3: 0.4805 | given 0.0000
seen: training of at most 1000 rounds, one of three examples still wrong (0.58 for 0): ended after 1, error NaN
EOF
