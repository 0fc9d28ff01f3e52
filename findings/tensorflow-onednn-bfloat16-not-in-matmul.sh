#!/usr/bin/env bash
# TensorFlow 2.21.0 for CPU: TF_SET_ONEDNN_FPMATH_MODE=BF16 leaves products of two matrices in float32, to the bit.
#
# The setting lets oneDNN multiply float32 tensors in bfloat16 where the processor has a unit for it. The same factors with an axis of one in front
# (the operation BatchMatMulV2) come out in bfloat16; without that axis (MatMul, which tf.matmul makes of matrices, and keras.layers.Dense of rows)
# not a bit changes, and nothing is said. Whoever sets it to train dense layers faster trains as before.
# Needs a processor with AMX: amx_bf16 in /proc/cpuinfo.
set -euo pipefail
grep -q amx_bf16 /proc/cpuinfo || { echo "No AMX on this processor: nothing to see."; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tensorflow-cpu==2.21.0 keras==3.13.2
cat >try.py <<'EOF'
import keras
import numpy as np
import tensorflow as tf

a, b = (np.random.default_rng(seed).standard_normal((512, 512)).astype("float32") for seed in (0, 1))
exact = a.astype("float64") @ b.astype("float64")


def dense(rows):
    layer = keras.layers.Dense(512, use_bias=False)
    layer.build(rows.shape)
    layer.set_weights([b])
    return layer(rows)


for name, product in {
    "MatMul": tf.raw_ops.MatMul(a=a, b=b),
    "tf.matmul": tf.matmul(a, b),
    "keras.layers.Dense": dense(a),
    "BatchMatMulV2": tf.raw_ops.BatchMatMulV2(x=a[None], y=b[None])[0],
}.items():
    off = np.abs(np.asarray(product) - exact).max() / np.abs(exact).max()
    print("seen:", name, "in bfloat16" if off > 1e-4 else "in float32")
EOF
TF_SET_ONEDNN_FPMATH_MODE=BF16 TF_CPP_MIN_LOG_LEVEL=3 python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: MatMul in float32
seen: tf.matmul in float32
seen: keras.layers.Dense in float32
seen: BatchMatMulV2 in bfloat16
EOF
