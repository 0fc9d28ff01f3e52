#!/usr/bin/env bash
# neataptic 1.4.7 of npm: the derivative of SOFTSIGN is 0 at 0, where it should be 1, and negative below.
#
# x / (1 + |x|) has the derivative 1 / (1 + |x|)², which is 1 at 0; here it is x / (1 + |x|)². So hidden units learn away from the target where they are
# below zero, and a unit begun at zero weights stands still. The derivatives of the other fourteen agree with differences of their values. What a hidden
# weight learns is wrong likewise: read here from one step of a network of three units, beside the loss differentiated numerically.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund neataptic@1.4.7
cat >try.cjs <<'EOF'
const { architect, methods } = require("neataptic");
const show = (value) => (Math.abs(value) < 5e-7 ? 0 : value).toFixed(4);
const byDifferences = (f, x) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
for (const x of [-2, -0.5, 0, 0.5, 2]) {
  console.log(`seen: softsign at ${x} | derivative by differences ${show(byDifferences(methods.activation.SOFTSIGN, x))} | given ${show(methods.activation.SOFTSIGN(x, true))}`);
}
const others = Object.entries(methods.activation).filter(([, f]) => [-2.3, -0.4, 0.3, 1.7].some((x) => Math.abs(byDifferences(f, x) - f(x, true)) > 1e-4));
console.log(`seen: activations whose derivative is off: ${others.map(([name]) => name).join(" ")}`);
function network(weight, squash) {
  const perceptron = architect.Perceptron(1, 1, 1);
  const [, hidden, output] = perceptron.nodes;
  hidden.squash = methods.activation[squash];
  output.squash = methods.activation.IDENTITY;
  hidden.bias = output.bias = 0;
  hidden.connections.in[0].weight = weight;
  output.connections.in[0].weight = 1;
  return perceptron;
}
for (const squash of ["TANH", "SOFTSIGN"]) {
  for (const weight of [-0.5, 0, 0.5]) {
    const loss = (w) => (network(w, squash).activate([1])[0] - 1) ** 2 / 2;
    const learner = network(weight, squash);
    learner.activate([1]);
    learner.propagate(1e-6, 0, true, [1]);
    const step = (learner.nodes[1].connections.in[0].weight - weight) / 1e-6;
    console.log(`seen: ${squash}, hidden weight ${weight}: gradient by differences ${show(-byDifferences(loss, weight))} | step taken, by rate ${show(step)}`);
  }
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: softsign at -2 | derivative by differences 0.1111 | given -0.2222
seen: softsign at -0.5 | derivative by differences 0.4444 | given -0.2222
seen: softsign at 0 | derivative by differences 1.0000 | given 0.0000
seen: softsign at 0.5 | derivative by differences 0.4444 | given 0.2222
seen: softsign at 2 | derivative by differences 0.1111 | given 0.2222
seen: activations whose derivative is off: SOFTSIGN
seen: TANH, hidden weight -0.5: gradient by differences 1.1499 | step taken, by rate 1.1499
seen: TANH, hidden weight 0: gradient by differences 1.0000 | step taken, by rate 1.0000
seen: TANH, hidden weight 0.5: gradient by differences 0.4230 | step taken, by rate 0.4230
seen: SOFTSIGN, hidden weight -0.5: gradient by differences 0.5926 | step taken, by rate -0.2963
seen: SOFTSIGN, hidden weight 0: gradient by differences 1.0000 | step taken, by rate 0.0000
seen: SOFTSIGN, hidden weight 0.5: gradient by differences 0.2963 | step taken, by rate 0.1481
EOF
