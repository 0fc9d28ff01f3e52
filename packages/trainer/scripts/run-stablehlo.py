"""What JAX makes of a program in StableHLO.

run-stablehlo.py PROGRAM SIGNATURE INPUTS OUTPUTS: PROGRAM is its text, SIGNATURE the JSON beside it; INPUTS holds the numbers of all
arguments, in order, and OUTPUTS will hold those of all results.
"""

import json
import sys

import jax
import numpy as np
from jax.extend.backend import get_backend
from jaxlib.xla_client import DeviceList

TYPES = {"float32": "<f4", "int32": "<i4", "uint8": "u1"}

program, signature, inputs, outputs = sys.argv[1:]
with open(signature) as file:
    arguments = json.load(file)["arguments"]
with open(inputs, "rb") as file:
    given = [
        np.frombuffer(file.read(n * np.dtype(t).itemsize), t).reshape(a["shape"])
        for a in arguments
        for t in [TYPES[a["type"]]]
        for n in [int(np.prod(a["shape"]))]
    ]
backend = get_backend("cpu")
with open(program) as file:
    executable = backend.compile_and_load(file.read(), DeviceList(tuple(backend.local_devices()[:1])))
results = executable.execute_sharded([jax.device_put(x) for x in given])
with open(outputs, "wb") as file:
    for (result,) in results.disassemble_into_single_device_arrays():
        file.write(np.asarray(result).tobytes())
