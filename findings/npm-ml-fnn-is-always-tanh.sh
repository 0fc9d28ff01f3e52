#!/usr/bin/env bash
# ml-fnn 5.0.0 of npm: whichever of its activations is asked for, the network is one of tanh.
#
# The name is looked for among the numbers of a list and never found, and what is not found becomes tanh. So relu, identity, logistic and all the others
# end, from one seed, with the same weights to the bit, and a network of "identity" layers, which is linear by definition, learns XOR. What was asked for
# is no longer in the model that is saved either. Comparisons of activations made with it compare tanh with tanh.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund ml-fnn@5.0.0
cat >try.cjs <<'EOF'
const Network = require("ml-fnn");
const inputs = [[0, 0], [0, 1], [1, 0], [1, 1]];
const labels = [0, 1, 1, 0];
function trained(activation) {
  let state = 1;
  Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const network = new Network({ hiddenLayers: [8], iterations: 3000, learningRate: 0.1, regularization: 1e-9, activation });
  network.train(inputs, labels);
  return network;
}
const tanh = JSON.stringify(trained("tanh").toJSON());
for (const activation of ["tanh", "identity", "logistic", "arctan", "softsign", "relu", "softplus", "bent", "sinusoid", "sinc", "gaussian", "parametric-relu"]) {
  const network = trained(activation);
  const saved = network.toJSON();
  console.log(`seen: asked for ${activation} | saved as ${saved.activation} | weights those of tanh: ${JSON.stringify(saved) === tanh} | XOR: ${network.predict(inputs).join(" ")}`);
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: asked for tanh | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for identity | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for logistic | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for arctan | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for softsign | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for relu | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for softplus | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for bent | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for sinusoid | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for sinc | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for gaussian | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
seen: asked for parametric-relu | saved as tanh | weights those of tanh: true | XOR: 0 1 1 0
EOF
