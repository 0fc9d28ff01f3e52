#!/usr/bin/env bash
# js-pytorch 0.7.2 of npm: its attention divides by the square of the head's size, and its Adam is without bias correction.
#
# Scaled dot-product attention divides by the root of the head's size (Vaswani et al. 2017, PyTorch). With a head of 16 this is 4, and here 256: what should be
# the weights 0.98 and 0.02 are 0.52 and 0.48, and a trained block attends to as good as everything. Adam (Kingma & Ba 2015) divides its averages
# by 1 - beta^t; without this, with the library's own betas 0.9 and 0.99, steps from equal gradients grow to 2.1 times the rate and are back at 1.3 after
# a hundred. Both are named and called as in PyTorch, whose syntax the library follows; its README and types say nothing of either.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund js-pytorch@0.7.2
cat >try.mjs <<'EOF'
import { torch } from "js-pytorch";
/** Attention's weights in the second of two steps, read from values 1 0 and 0 1; the scores of the two are q·k = size and 0. */
function weights(size) {
  const attention = new torch.nn.MultiHeadSelfAttention(size, size, 1, 2);
  const matrix = (f) => Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => f(row, column)));
  const set = (layer, f, bias = 0) => {
    layer.W._data = matrix(f);
    layer.b._data = Array(size).fill(bias);
  };
  set(attention.Wq, () => 0, 1);
  set(attention.Wk, (row) => (row === 0 ? 1 : 0));
  set(attention.Wv, (row, column) => (row === column ? 1 : 0));
  set(attention.residual_proj, (row, column) => (row === column ? 1 : 0));
  const unit = (place) => Array.from({ length: size }, (_, k) => (k === place ? 1 : 0));
  return attention.forward(torch.tensor([[unit(0), unit(1)]])).data[0][1].slice(0, 2);
}
for (const size of [4, 16, 64]) {
  const byHand = (divisor) => 1 / (1 + Math.exp(-size / divisor));
  console.log(`seen: attention, head of ${size}, scores ${size} and 0 | by the root ${byHand(Math.sqrt(size)).toFixed(3)}, by the square ${byHand(size ** 2).toFixed(3)} | given ${weights(size).map((weight) => weight.toFixed(3)).join(" ")}`);
}
const weight = new torch.Parameter([1]);
const [rate, first, second, epsilon] = [0.1, 0.9, 0.99, 1e-9];
const adam = new torch.optim.Adam([weight], rate, 0, [first, second], epsilon);
let [m, v] = [0, 0];
for (let step = 1; step <= 100; step++) {
  const gradient = 3;
  m = first * m + (1 - first) * gradient;
  v = second * v + (1 - second) * gradient ** 2;
  const right = (m / (1 - first ** step)) / (Math.sqrt(v / (1 - second ** step)) + epsilon);
  adam.zero_grad();
  weight.mul(gradient).backward();
  const before = weight.data[0];
  adam.step();
  if ([1, 2, 5, 10, 20, 50, 100].includes(step)) console.log(`seen: Adam, step ${step} of equal gradients, by the rate | by the paper ${right.toFixed(2)} | given ${((before - weight.data[0]) / rate).toFixed(2)}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: attention, head of 4, scores 4 and 0 | by the root 0.881, by the square 0.562 | given 0.562 0.438
seen: attention, head of 16, scores 16 and 0 | by the root 0.982, by the square 0.516 | given 0.516 0.484
seen: attention, head of 64, scores 64 and 0 | by the root 1.000, by the square 0.504 | given 0.504 0.496
seen: Adam, step 1 of equal gradients, by the rate | by the paper 1.00 | given 1.00
seen: Adam, step 2 of equal gradients, by the rate | by the paper 1.00 | given 1.35
seen: Adam, step 5 of equal gradients, by the rate | by the paper 1.00 | given 1.85
seen: Adam, step 10 of equal gradients, by the rate | by the paper 1.00 | given 2.11
seen: Adam, step 20 of equal gradients, by the rate | by the paper 1.00 | given 2.06
seen: Adam, step 50 of equal gradients, by the rate | by the paper 1.00 | given 1.58
seen: Adam, step 100 of equal gradients, by the rate | by the paper 1.00 | given 1.26
EOF
