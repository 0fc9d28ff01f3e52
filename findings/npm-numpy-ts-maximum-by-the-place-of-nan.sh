#!/usr/bin/env bash
# numpy-ts 1.7.0 of npm: a maximum is NaN only if NaN stands first, argmax passes it over, sign(NaN) is 0, and any([NaN]) is false.
#
# NumPy, which it says it is tested against with more than 20,000 cases, has NaN for max, min, ptp, median and sign, the place of NaN for argmax and
# argmin, and true for any. Here max of 1 NaN 3 is 3, of NaN 1 3 it is NaN, and along an axis it is each time by what stands first. maximum, clip,
# mean and sort keep NaN as NumPy does; the median of NaN 1 3 is 1. So a loss that has become NaN on the way is not seen by its maximum.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund numpy-ts@1.7.0
cat >try.mjs <<'EOF'
import * as np from "numpy-ts";

const show = (value) => [value?.toArray?.() ?? value].flat(2).map(String).join(" ");
for (const values of [[1, NaN, 3], [NaN, 1, 3]]) {
  const x = np.array(values);
  for (const name of ["max", "min", "ptp", "argmax", "argmin", "median", "mean", "sign"]) console.log(`seen: ${name} of ${values.join(" ")}: ${show(np[name](x))}`);
}
console.log("seen: max of 1 NaN | NaN 3 along axis 0:", show(np.max(np.array([[1, NaN], [NaN, 3]]), 0)), "| along axis 1:", show(np.max(np.array([[1, NaN], [NaN, 3]]), 1)));
console.log("seen: maximum of 1 NaN and NaN 1:", show(np.maximum(np.array([1, NaN]), np.array([NaN, 1]))), "| any of NaN:", show(np.any(np.array([NaN]))), "| clip of NaN to 0 … 1:", show(np.clip(np.array([NaN]), 0, 1)));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: max of 1 NaN 3: 3
seen: min of 1 NaN 3: 1
seen: ptp of 1 NaN 3: 2
seen: argmax of 1 NaN 3: 2
seen: argmin of 1 NaN 3: 0
seen: median of 1 NaN 3: NaN
seen: mean of 1 NaN 3: NaN
seen: sign of 1 NaN 3: 1 0 1
seen: max of NaN 1 3: NaN
seen: min of NaN 1 3: NaN
seen: ptp of NaN 1 3: NaN
seen: argmax of NaN 1 3: 0
seen: argmin of NaN 1 3: 0
seen: median of NaN 1 3: 1
seen: mean of NaN 1 3: NaN
seen: sign of NaN 1 3: 0 1 1
seen: max of 1 NaN | NaN 3 along axis 0: 1 3 | along axis 1: 1 3
seen: maximum of 1 NaN and NaN 1: NaN NaN | any of NaN: false | clip of NaN to 0 … 1: NaN
EOF
