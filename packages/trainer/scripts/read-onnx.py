"""What a Python library makes of an ONNX file.

read-onnx.py LIBRARY MODEL INPUT OUTPUT EXTENT...: INPUT holds float32 numbers of that shape, and so will OUTPUT.
"""

import sys

import numpy as np


def onnxruntime(model, x):
    from onnxruntime import InferenceSession

    session = InferenceSession(model, providers=["CPUExecutionProvider"])
    return session.run(None, {"input": x})[0]


def opencv(model, x):
    import cv2

    network = cv2.dnn.readNetFromONNX(model)
    network.setInput(x, "input")
    return network.forward()


def onnx2torch(model, x):
    import torch
    from onnx2torch import convert

    with torch.no_grad():
        return convert(model).eval()(torch.from_numpy(x)).numpy()


def checker(model, x):
    """Not a program that runs it: whether ONNX's own checker, with strict shape inference, lets it pass."""
    import onnx

    onnx.checker.check_model(model, full_check=True)


library, model, source, result, *shape = sys.argv[1:]
x = np.fromfile(source, "<f4").reshape([int(extent) for extent in shape])
y = globals()[library](model, x)
if y is not None:
    np.asarray(y, "<f4").tofile(result)
