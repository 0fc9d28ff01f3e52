#!/usr/bin/env bash
# jsfive 0.4.2 of npm: where nothing was written, a dataset has holes in place of its fill value, so that its sum is NaN.
#
# HDF5 stores only the chunks that were written; the others are of the fill value, 0 unless said otherwise. A table of scores that is filled row by
# row, a buffer made longer with resize() or a state that is still 0 is like that. h5py and h5wasm give the fill value. jsfive knows it (fillvalue)
# and leaves those places of the array empty: undefined when read, passed over by forEach and map, NaN in a sum or a Float32Array.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check h5py==3.16.0 numpy==2.4.6
echo '{"private":true}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund h5wasm@0.10.3 jsfive@0.4.2
python/bin/python - <<'EOF' | tee seen
import h5py

with h5py.File("scores.h5", "w") as file:
    file.create_dataset("never written", (4,), "float32")
    file.create_dataset("half written", (4,), "float32", chunks=(2,))[:2] = [1, 2]
    file.create_dataset("half written, fill value 7", (4,), "float32", chunks=(2,), fillvalue=7)[:2] = [1, 2]
    grown = file.create_dataset("grown from 2 to 4", data=[1.0, 2.0], chunks=(2,), maxshape=(None,))
    grown.resize((4,))
with h5py.File("scores.h5") as file:
    for name, dataset in file.items():
        print(f"seen: h5py, {name} |", *dataset[:].tolist(), "| sum", dataset[:].sum().item())
EOF
cat >try.mjs <<'EOF'
import { readFileSync } from "node:fs";
import h5wasm from "h5wasm/node";
import { File } from "jsfive";

await h5wasm.ready;
const libraries = { h5wasm: new h5wasm.File("scores.h5", "r"), jsfive: new File(new Uint8Array(readFileSync("scores.h5")).buffer, "scores.h5") };
for (const [library, file] of Object.entries(libraries)) {
  for (const name of ["grown from 2 to 4", "half written", "half written, fill value 7", "never written"]) {
    const values = Array.from(file.get(name).value);
    console.log(`seen: ${library}, ${name} |`, ...values, "| sum", values.reduce((sum, value) => sum + value, 0));
  }
}
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee -a seen
diff seen - <<'EOF' && echo "As described."
seen: h5py, grown from 2 to 4 | 1.0 2.0 0.0 0.0 | sum 3.0
seen: h5py, half written | 1.0 2.0 0.0 0.0 | sum 3.0
seen: h5py, half written, fill value 7 | 1.0 2.0 7.0 7.0 | sum 17.0
seen: h5py, never written | 0.0 0.0 0.0 0.0 | sum 0.0
seen: h5wasm, grown from 2 to 4 | 1 2 0 0 | sum 3
seen: h5wasm, half written | 1 2 0 0 | sum 3
seen: h5wasm, half written, fill value 7 | 1 2 7 7 | sum 17
seen: h5wasm, never written | 0 0 0 0 | sum 0
seen: jsfive, grown from 2 to 4 | 1 2 undefined undefined | sum NaN
seen: jsfive, half written | 1 2 undefined undefined | sum NaN
seen: jsfive, half written, fill value 7 | 1 2 undefined undefined | sum NaN
seen: jsfive, never written | undefined undefined undefined undefined | sum NaN
EOF
