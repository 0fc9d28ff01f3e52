#!/usr/bin/env bash
# synaptic 1.1.4 of npm: clear() of a network with memory cells leaves their state, so that a sequence goes on from where the last one ended.
#
# clear is described as making neurons forget their context, connections staying as they are. It clears what learning keeps (traces and errors), and not the
# states and activations from which a memory cell and a gate compute their next. An LSTM gives another first output after clear than when it was new, with the
# same weights; a copy of its weights gives that of the new one. neataptic 1.4.7, written after it, clears both. Sequences that should be independent, and
# evaluations after training, depend on what came before. Network.fromJSON(network.toJSON()) is a fresh one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund synaptic@1.1.4 neataptic@1.4.7
cat >try.cjs <<'EOF'
let state = 1;
Math.random = () => (state = (state * 48271) % 2147483647) / 2147483647;
const { Architect, Network } = require("synaptic");
const { architect } = require("neataptic");
const show = (outputs) => outputs.map((value) => value.toFixed(6)).join(" ");
const sequence = [1, 0, 1];
const run = (network) => sequence.map((input) => network.activate([input])[0]);
for (const optimized of [true, false]) {
  const network = new Architect.LSTM(1, 3, 1);
  network.setOptimize(optimized);
  const weights = network.toJSON();
  const fresh = run(network);
  network.clear();
  console.log(`seen: synaptic, ${optimized ? "optimized" : "not optimized"} | new ${show(fresh)} | again after clear ${show(run(network))} | a copy of the weights ${show(run(Network.fromJSON(weights)))}`);
}
const network = architect.LSTM(1, 3, 1);
const fresh = run(network);
network.clear();
console.log(`seen: neataptic | new ${show(fresh)} | again after clear ${show(run(network))}`);
EOF
node try.cjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: synaptic, optimized | new 0.484575 0.487308 0.484649 | again after clear 0.484743 0.487430 0.484733 | a copy of the weights 0.484575 0.487308 0.484649
seen: synaptic, not optimized | new 0.515014 0.502658 0.515590 | again after clear 0.515744 0.503189 0.515969 | a copy of the weights 0.515014 0.502658 0.515590
seen: neataptic | new 0.498428 0.483024 0.498674 | again after clear 0.498428 0.483024 0.498674
EOF
