#!/usr/bin/env bash
# neataptic 1.4.7, synaptic 1.1.4 of npm: errors go back through weights that have already been changed by the same step.
#
# The last layer's weights are updated first, and then the layer before takes its error through the new ones. Backpropagation goes through those with
# which the output was computed, or it is not the gradient: the hidden weight's step, divided by the rate, here depends on the rate, and is the loss's own gradient
# only as that becomes small. At the rate 0.3, neataptic's default, it is a sixth too small in this network of three units, and at 2 it has the other sign:
# the hidden unit learns the wrong way. Curves compared with those of other libraries at the same rate are not of the same rule.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund neataptic@1.4.7 synaptic@1.1.4
cat >try.cjs <<'EOF'
const neataptic = require("neataptic");
const synaptic = require("synaptic");
const [input, target, hiddenWeight, outputWeight] = [2, 0, 0.5, 0.4];
/** One step of each library: tanh, then an output without activation, no biases. */
const libraries = {
  neataptic(rate) {
    const network = neataptic.architect.Perceptron(1, 1, 1);
    const [, hidden, output] = network.nodes;
    hidden.squash = neataptic.methods.activation.TANH;
    output.squash = neataptic.methods.activation.IDENTITY;
    hidden.bias = output.bias = 0;
    hidden.connections.in[0].weight = hiddenWeight;
    output.connections.in[0].weight = outputWeight;
    network.activate([input]);
    network.propagate(rate, 0, true, [target]);
    return [hidden.connections.in[0].weight, output.connections.in[0].weight];
  },
  synaptic(rate) {
    const layers = [1, 1, 1].map((size) => new synaptic.Layer(size));
    layers[0].project(layers[1]);
    layers[1].project(layers[2]);
    const [, hidden, output] = layers.map((layer) => layer.list[0]);
    hidden.squash = synaptic.Neuron.squash.TANH;
    output.squash = synaptic.Neuron.squash.IDENTITY;
    hidden.bias = output.bias = 0;
    const weight = (neuron) => Object.values(neuron.connections.inputs)[0];
    weight(hidden).weight = hiddenWeight;
    weight(output).weight = outputWeight;
    const network = new synaptic.Network({ input: layers[0], hidden: [layers[1]], output: layers[2] });
    network.activate([input]);
    network.propagate(rate, [target]);
    network.restore();
    return [weight(hidden).weight, weight(output).weight];
  },
};
const loss = (hidden, output) => (output * Math.tanh(hidden * input) - target) ** 2 / 2;
const down = (f, x) => -(f(x + 1e-5) - f(x - 1e-5)) / 2e-5;
console.log(`seen: down the loss, by differences | hidden weight ${down((w) => loss(w, outputWeight), hiddenWeight).toFixed(4)} | output weight ${down((w) => loss(hiddenWeight, w), outputWeight).toFixed(4)}`);
for (const [name, step] of Object.entries(libraries)) {
  for (const rate of [0.001, 0.1, 0.3, 1, 2]) {
    const [hidden, output] = step(rate);
    console.log(`seen: ${name}, step at the rate ${rate}, divided by it | hidden weight ${((hidden - hiddenWeight) / rate).toFixed(4)} | output weight ${((output - outputWeight) / rate).toFixed(4)}`);
  }
}
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: down the loss, by differences | hidden weight -0.1024 | output weight -0.2320
seen: neataptic, step at the rate 0.001, divided by it | hidden weight -0.1023 | output weight -0.2320
seen: neataptic, step at the rate 0.1, divided by it | hidden weight -0.0964 | output weight -0.2320
seen: neataptic, step at the rate 0.3, divided by it | hidden weight -0.0845 | output weight -0.2320
seen: neataptic, step at the rate 1, divided by it | hidden weight -0.0430 | output weight -0.2320
seen: neataptic, step at the rate 2, divided by it | hidden weight 0.0164 | output weight -0.2320
seen: synaptic, step at the rate 0.001, divided by it | hidden weight -0.1023 | output weight -0.2320
seen: synaptic, step at the rate 0.1, divided by it | hidden weight -0.0964 | output weight -0.2320
seen: synaptic, step at the rate 0.3, divided by it | hidden weight -0.0845 | output weight -0.2320
seen: synaptic, step at the rate 1, divided by it | hidden weight -0.0430 | output weight -0.2320
seen: synaptic, step at the rate 2, divided by it | hidden weight 0.0164 | output weight -0.2320
EOF
