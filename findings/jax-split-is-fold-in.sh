#!/usr/bin/env bash
# JAX 0.10.2: the keys of jax.random.split are those of jax.random.fold_in with 0, 1, 2, …
#
# Both are ways to make new keys of one, and a program often uses both on the same key: split for weights and data, fold_in(key, epoch) for the
# order of an epoch. The first epochs then draw the very numbers the weights were drawn from. Flax counts the same way: nnx.Rngs(key) begins a
# layer's weights with split(key)[0]. It came with another layout of random bits (jax_threefry_partitionable, on since JAX 0.5.0); without it they
# differ.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2 flax==0.12.8
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
from flax import nnx

key = jax.random.key(0)


def equal():
    split = jax.random.split(key, 4)
    folded = [jax.random.fold_in(key, number) for number in range(4)]
    return [bool(jnp.all(jax.random.key_data(a) == jax.random.key_data(b))) for a, b in zip(split, folded)]


print("seen: split[i] is fold_in(i)", *equal())
kernel = nnx.Linear(3, 2, rngs=nnx.Rngs(key)).kernel[...]
drawn = nnx.initializers.lecun_normal()(jax.random.split(key)[0], (3, 2))
print("seen: the first layer of nnx.Rngs(key) is drawn from split(key)[0]", bool(jnp.all(kernel == drawn)))
jax.config.update("jax_threefry_partitionable", False)
print("seen: as before JAX 0.5.0", *equal())
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: split[i] is fold_in(i) True True True True
seen: the first layer of nnx.Rngs(key) is drawn from split(key)[0] True
seen: as before JAX 0.5.0 False False False False
EOF
