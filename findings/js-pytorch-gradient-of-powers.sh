#!/usr/bin/env bash
# js-pytorch 0.7.2 of npm: the gradient of x to the power of n is 2x, whatever n is, and x to the power of 1/2, 0 or -1 is x.
#
# The power multiplies x with itself while a counter is below n - 1, and its gradient has the 2 of the square written in. PyTorch, whose syntax it follows,
# has n x^(n - 1). A loss of fourth powers so steps as one of squares. The other gradients (sqrt, exp, log, division, products) agree with
# differences. Write x.mul(x).mul(x) and x.sqrt().
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund js-pytorch@0.7.2
cat >try.mjs <<'EOF'
import { torch } from "js-pytorch";
const numbers = [0.5, 2, 3];
const show = (values) => values.map((value) => Number(value.toFixed(4))).join(" ");
function given(f) {
  const x = torch.tensor(numbers, true);
  const y = f(x);
  y.sum().backward();
  return [y.data, x.grad];
}
for (const n of [1, 2, 3, 4, 0, 0.5, -1]) {
  const [values, gradient] = given((x) => x.pow(n));
  console.log(`seen: ${numbers.join(" ")} to the power of ${n}: ${show(numbers.map((x) => x ** n))}, given ${show(values)} | gradient ${show(numbers.map((x) => n * x ** (n - 1)))}, given ${show(gradient)}`);
}
const [values, gradient] = given((x) => x.mul(x).mul(x));
console.log(`seen: x.mul(x).mul(x): ${show(values)} | gradient, given ${show(gradient)}`);
const others = { sqrt: [(x) => x.sqrt(), Math.sqrt], exp: [(x) => x.exp(), Math.exp], log: [(x) => x.log(), Math.log], "1 / x": [(x) => torch.div(torch.tensor([1, 1, 1]), x), (x) => 1 / x] };
for (const [name, [ours, plain]] of Object.entries(others)) {
  const differences = numbers.map((x) => (plain(x + 1e-6) - plain(x - 1e-6)) / 2e-6);
  console.log(`seen: gradient of ${name}: by differences ${show(differences)}, given ${show(given(ours)[1])}`);
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 0.5 2 3 to the power of 1: 0.5 2 3, given 0.5 2 3 | gradient 1 1 1, given 1 4 6
seen: 0.5 2 3 to the power of 2: 0.25 4 9, given 0.25 4 9 | gradient 1 4 6, given 1 4 6
seen: 0.5 2 3 to the power of 3: 0.125 8 27, given 0.125 8 27 | gradient 0.75 12 27, given 1 4 6
seen: 0.5 2 3 to the power of 4: 0.0625 16 81, given 0.0625 16 81 | gradient 0.5 32 108, given 1 4 6
seen: 0.5 2 3 to the power of 0: 1 1 1, given 0.5 2 3 | gradient 0 0 0, given 1 4 6
seen: 0.5 2 3 to the power of 0.5: 0.7071 1.4142 1.7321, given 0.5 2 3 | gradient 0.7071 0.3536 0.2887, given 1 4 6
seen: 0.5 2 3 to the power of -1: 2 0.5 0.3333, given 0.5 2 3 | gradient -4 -0.25 -0.1111, given 1 4 6
seen: x.mul(x).mul(x): 0.125 8 27 | gradient, given 0.75 12 27
seen: gradient of sqrt: by differences 0.7071 0.3536 0.2887, given 0.7071 0.3536 0.2887
seen: gradient of exp: by differences 1.6487 7.3891 20.0855, given 1.6487 7.3891 20.0855
seen: gradient of log: by differences 2 0.5 0.3333, given 2 0.5 0.3333
seen: gradient of 1 / x: by differences -4 -0.25 -0.1111, given -4 -0.25 -0.1111
EOF
