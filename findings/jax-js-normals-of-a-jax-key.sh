#!/usr/bin/env bash
# jax-js 0.1.25, JAX 0.10.2: one key gives both the same bits and uniform numbers, but other normal numbers, permutations and classes.
#
# Splits and Bernoulli masks agree as well, so that a first check passes. Yet initial weights drawn as normal numbers, the order of the examples
# and noise differ from the first number on; of Laplace's the signs are turned round. A run of the one cannot be repeated in the other by its seed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check jax==0.10.2
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --ignore-scripts --no-audit --no-fund @jax-js/jax@0.1.25
cat >try.py <<'EOF'
import jax.numpy as jnp
from jax import random

key = random.key(0)
show = lambda name, values: print("JAX:", name, " ".join(f"{float(value):.4f}" for value in values))
show("bits", random.bits(key, (2,)))
show("uniform", random.uniform(key, (4,)))
show("bernoulli", random.bernoulli(key, 0.3, (6,)))
show("exponential", random.exponential(key, (4,)))
show("laplace", random.laplace(key, (4,)))
show("normal", random.normal(key, (4,)))
show("gumbel", random.gumbel(key, (4,)))
show("permutation", random.permutation(key, 8))
show("categorical", random.categorical(key, jnp.zeros(5), shape=(8,)))
EOF
cat >try.mjs <<'EOF'
import { numpy as np, random } from "@jax-js/jax";
const key = () => random.key(0);
const show = (name, values) => console.log("jax-js:", name, values.js().map((value) => Number(value).toFixed(4)).join(" "));
show("bits", random.bits(key(), [2]));
show("uniform", random.uniform(key(), [4]));
show("bernoulli", random.bernoulli(key(), 0.3, [6]));
show("exponential", random.exponential(key(), [4]));
show("laplace", random.laplace(key(), [4]));
show("normal", random.normal(key(), [4]));
show("gumbel", random.gumbel(key(), [4]));
show("permutation", random.permutation(key(), 8));
show("categorical", random.categorical(key(), np.zeros([5]), { shape: [8] }));
EOF
{ python/bin/python try.py 2>/dev/null && node try.mjs 2>/dev/null; } | sed -n 's/\.0000//g; s/^\(JAX\|jax-js\): /seen: \1: /p' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: JAX: bits 4070199207 4202968722
seen: JAX: uniform 0.9477 0.9786 0.3323 0.4687
seen: JAX: bernoulli 0 0 0 0 0 1
seen: JAX: exponential 2.9501 3.8434 0.4039 0.6324
seen: JAX: laplace -2.2570 -3.1503 0.4086 0.0647
seen: JAX: normal 1.6226 2.0253 -0.4336 -0.0786
seen: JAX: gumbel 2.9234 3.8326 -0.0969 0.2773
seen: JAX: permutation 0 1 5 6 4 3 2 7
seen: JAX: categorical 1 3 0 0 1 1 1 1
seen: jax-js: bits 4070199207 4202968722
seen: jax-js: uniform 0.9477 0.9786 0.3323 0.4687
seen: jax-js: bernoulli 0 0 0 0 0 1
seen: jax-js: exponential 2.9501 3.8434 0.4039 0.6324
seen: jax-js: laplace 2.2570 3.1503 -0.4086 -0.0647
seen: jax-js: normal 1.9200 0.6291 -0.6260 -0.3278
seen: jax-js: gumbel -1.0818 -1.3464 0.9066 0.4583
seen: jax-js: permutation 5 6 2 3 4 7 0 1
seen: jax-js: categorical 2 0 1 4 0 3 0 2
EOF
