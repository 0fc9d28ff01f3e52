"""Prints what Python's safetensors makes of files, as JSON; and the digests of every 16-bit number as a float32."""

import hashlib
import json
import sys

import ml_dtypes
import numpy as np
import safetensors

TYPES = {"F32": "<f4", "F64": "<f8", "F16": "<f2", "BF16": ml_dtypes.bfloat16}


def floats(data, dtype):
    return np.frombuffer(bytes(data), dtype=TYPES[dtype]).astype("<f4")


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        tensors = safetensors.deserialize(content)
    except safetensors.SafetensorError:
        return None
    return {
        name: {
            "shape": tensor["shape"],
            "values": floats(tensor["data"], tensor["dtype"]).tolist() if tensor["dtype"] in TYPES else tensor["dtype"],
        }
        for name, tensor in tensors
    }


def digest(dtype):
    values = floats(np.arange(2**16, dtype="<u2").tobytes(), dtype)
    # NaN has many patterns, and it does not matter which.
    values = np.where(np.isnan(values), np.float32(np.nan), values).astype("<f4")
    return hashlib.sha256(values.tobytes()).hexdigest()


print(
    json.dumps(
        {
            "version": safetensors.__version__,
            "files": [read(path) for path in sys.argv[1:]],
            "digests": {dtype: digest(dtype) for dtype in ("F16", "BF16")},
        }
    )
)
