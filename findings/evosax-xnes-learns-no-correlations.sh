#!/usr/bin/env bash
# evosax 0.3.2: xNES never learns that two parameters belong together: its matrix stays diagonal.
#
# xNES (Glasmachers et al. 2010) samples by a full matrix B, which each step multiplies by the matrix exponential of half the rate times a gradient.
# evosax multiplies number by number and takes the exponential of each number: what is 0 in B, all off the diagonal at the start, stays 0, and so it is
# a separable strategy, as SNES is, which costs less. It goes down a narrow valley that lies along the axes; in the same valley turned by 45 degrees it
# is left behind. The strategy with the paper's update goes down both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check evosax==0.3.2 jax==0.10.2 flax==0.12.8 optax==0.2.8 numpy==2.4.6
cat >try.py <<'EOF'
import jax
import jax.numpy as jnp
from evosax.algorithms import xNES


class PaperxNES(xNES):
    """evosax's, but for the update of B, which is the paper's; candidates are z B."""

    def _tell(self, key, population, fitness, state, params):
        new = super()._tell(key, population, fitness, state.replace(B=state.B.T), params)
        gradient = jnp.einsum("i,ijk->jk", fitness, jax.vmap(jnp.outer)(state.z, state.z) - jnp.eye(self.num_dims))
        gradient -= jnp.trace(gradient) / self.num_dims * jnp.eye(self.num_dims)
        return new.replace(B=jax.scipy.linalg.expm(0.5 * params.lr_B * gradient) @ state.B)


def run(strategy, turned, generations=150):
    """The smallest loss and B after so many generations in a valley that is a hundred times as narrow as long."""

    def loss(x):
        along, across = ((x[0] + x[1]) / 2**0.5, (x[0] - x[1]) / 2**0.5) if turned else (x[0], x[1])
        return along**2 + 1e4 * across**2

    params = strategy.default_params

    def generation(state, key):
        ask, tell = jax.random.split(key)
        population, state = strategy.ask(ask, state, params)
        state, _ = strategy.tell(tell, population, jax.vmap(loss)(population), state, params)
        return state, None

    # The median of nine runs.
    def one(seed):
        key = jax.random.key(seed)
        state = strategy.init(key, jnp.array([3.0, 4.0]), params)
        return jax.lax.scan(generation, state, jax.random.split(key, generations))[0]

    states = jax.vmap(one)(jnp.arange(9))
    return float(jnp.median(states.best_fitness)), float(jnp.abs(states.B[:, 0, 1]).max() + jnp.abs(states.B[:, 1, 0]).max())


for turned in [False, True]:
    for name, made in {"evosax": xNES, "paper": PaperxNES}.items():
        best, off = run(made(population_size=20, solution=jnp.zeros(2)), turned)
        print(f"seen: valley {'turned by 45 degrees' if turned else 'along the axes'} | {name} | smallest loss below 0.000001: {best < 1e-6} | B is diagonal: {off == 0}")
EOF
JAX_PLATFORMS=cpu python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: valley along the axes | evosax | smallest loss below 0.000001: True | B is diagonal: True
seen: valley along the axes | paper | smallest loss below 0.000001: True | B is diagonal: False
seen: valley turned by 45 degrees | evosax | smallest loss below 0.000001: False | B is diagonal: True
seen: valley turned by 45 degrees | paper | smallest loss below 0.000001: True | B is diagonal: False
EOF
