#!/usr/bin/env bash
# apache-arrow 21.2.0 of npm: numbers too large for float16 become small ones, 70,000 for instance 2.13.
#
# From 65,520 on float16 has infinity: so IEEE 754, NumPy and hyparquet-writer 0.17.0, which writes the same type to Parquet. In Arrow's vectors the
# exponents above its largest run into other bits: 65,536 is 2, a million 3.8, and only far greater numbers are infinite again. A column of activations,
# gradients or losses then has ordinary numbers where it should say that they were too large. Numbers in the middle of two (2049) go to the upper one, where
# the standard takes the even one. Small numbers, infinities and NaN come back as they should.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund apache-arrow@21.2.0 hyparquet@1.33.0 hyparquet-writer@0.17.0
cat >try.mjs <<'EOF'
import { Float16, vectorFromArray } from "apache-arrow";
import { parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
/** To the nearest float16, of two the even one: steps of 2^-24 below 2^-14 and of 2^(exponent - 10) above, infinity from 65,520. */
function nearest(value) {
  if (!Number.isFinite(value)) return value;
  const step = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(value))), -14) - 10);
  const [down, rest] = [Math.floor(Math.abs(value) / step), (Math.abs(value) / step) % 1];
  const rounded = (rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down) * step;
  return Math.sign(value) * (rounded > 65504 ? Infinity : rounded);
}
const values = [1, -0.333, 6e-8, 65504, 65519, 65520, 65536, 70000, -70000, 1e5, 131072, 1e6, 1e10, 3e38, Infinity, NaN, 2049, 2051];
const arrow = [...vectorFromArray(values, new Float16())];
const parquet = (await parquetReadObjects({ file: parquetWriteBuffer({ columnData: [{ name: "x", data: values, type: "FLOAT16" }] }) })).map(({ x }) => x);
values.forEach((value, k) => console.log(`seen: ${value} | float16 ${nearest(value)} | hyparquet ${parquet[k]} | Arrow ${arrow[k]}${Object.is(arrow[k], nearest(value)) ? "" : " (another)"}`));
EOF
node try.mjs 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: 1 | float16 1 | hyparquet 1 | Arrow 1
seen: -0.333 | float16 -0.3330078125 | hyparquet -0.3330078125 | Arrow -0.3330078125
seen: 6e-8 | float16 5.960464477539063e-8 | hyparquet 5.960464477539063e-8 | Arrow 5.960464477539063e-8
seen: 65504 | float16 65504 | hyparquet 65504 | Arrow 65504
seen: 65519 | float16 65504 | hyparquet 65504 | Arrow 65504
seen: 65520 | float16 Infinity | hyparquet Infinity | Arrow Infinity
seen: 65536 | float16 Infinity | hyparquet Infinity | Arrow 2 (another)
seen: 70000 | float16 Infinity | hyparquet Infinity | Arrow 2.134765625 (another)
seen: -70000 | float16 -Infinity | hyparquet -Infinity | Arrow -2.134765625 (another)
seen: 100000 | float16 Infinity | hyparquet Infinity | Arrow 3.05078125 (another)
seen: 131072 | float16 Infinity | hyparquet Infinity | Arrow 2 (another)
seen: 1000000 | float16 Infinity | hyparquet Infinity | Arrow 3.814453125 (another)
seen: 10000000000 | float16 Infinity | hyparquet Infinity | Arrow Infinity
seen: 3e+38 | float16 Infinity | hyparquet Infinity | Arrow Infinity
seen: Infinity | float16 Infinity | hyparquet Infinity | Arrow Infinity
seen: NaN | float16 NaN | hyparquet NaN | Arrow NaN
seen: 2049 | float16 2048 | hyparquet 2048 | Arrow 2050 (another)
seen: 2051 | float16 2052 | hyparquet 2052 | Arrow 2052
EOF
