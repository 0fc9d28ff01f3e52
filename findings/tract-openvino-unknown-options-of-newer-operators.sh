#!/usr/bin/env bash
# tract 0.23.9, OpenVINO 2026.4.1: what an operator got in a newer version of ONNX is passed over, and the older operator's numbers come out.
#
# Attention has windows since opset 25 and SpaceToDepth a mode "CRD" since 28. Both load models of these versions and compute attention to all positions,
# and channels in the order of "DCR"; ONNX Runtime 1.32.0 has both right. A version of ONNX that a program does not know yet is no error there: compare an
# exported network with the reference evaluator once.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv python
python/bin/pip install --quiet --disable-pip-version-check tract==0.23.9 openvino==2026.4.1 onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cat >try.py <<'EOF'
import numpy as np
import onnx
import onnxruntime
import openvino
import tract

core = openvino.Core()
random = np.random.default_rng(0)
draw = lambda *shape: random.normal(size=shape).astype("float32")


def by_tract(path, inputs):
    (y,) = tract.onnx().load(path).into_model().into_runnable().run(inputs)
    return y.to_numpy()


def by_openvino(path, inputs):
    compiled = core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    return compiled(inputs)[compiled.outputs[0]].copy()


def by_onnxruntime(path, inputs):
    onnxruntime.set_default_logger_severity(4)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (y,) = session.run(None, dict(zip([info.name for info in session.get_inputs()], inputs)))
    return y


def attention(q, k, v, window):
    """Each position attends to itself and at most `window` positions before it; None: to all before it."""
    scores = q.astype("float64") @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    behind = np.arange(q.shape[-2])[:, None] - np.arange(k.shape[-2])
    weights = np.where((behind >= 0) & (behind <= (len(behind) if window is None else window)), np.exp(scores), 0)
    return weights / weights.sum(-1, keepdims=True) @ v


def space_to_depth(x, mode):
    """Blocks of 2 by 2 become channels."""
    b, c, h, w = x.shape
    order = (0, 1, 3, 5, 2, 4) if mode == "CRD" else (0, 3, 5, 1, 2, 4)
    return x.reshape(b, c, h // 2, 2, w // 2, 2).transpose(order).reshape(b, 4 * c, h // 2, w // 2)


qkv, image = [draw(1, 1, 6, 4) for _ in range(3)], [draw(1, 2, 4, 6)]
for name, opset, text, inputs, new, old in [
    ("Attention, window of 1", 25, "g (float[1,1,6,4] q, float[1,1,6,4] k, float[1,1,6,4] v) => (float[1,1,6,4] y) { y = Attention <is_causal = 1, left_window_size = 1> (q, k, v) }", qkv, attention(*qkv, 1), attention(*qkv, None)),
    ("SpaceToDepth, CRD", 28, 'g (float[1,2,4,6] x) => (float[1,8,2,3] y) { y = SpaceToDepth <blocksize = 2, mode = "CRD"> (x) }', image, space_to_depth(*image, "CRD"), space_to_depth(*image, "DCR")),
]:
    model = onnx.parser.parse_model(f'<ir_version: 10, opset_import: ["": {opset}]>' + text)
    onnx.checker.check_model(model)
    onnx.save(model, "model.onnx")
    for program, run in {"tract": by_tract, "OpenVINO": by_openvino, "ONNX Runtime": by_onnxruntime}.items():
        try:
            y = run("model.onnx", inputs)
            seen = "right" if np.allclose(y, new, atol=1e-4) else "the older operator's numbers" if np.allclose(y, old, atol=1e-4) else "other numbers"
        except Exception:
            seen = "refused"
        print("seen:", name, "|", program, "|", seen)
EOF
python/bin/python try.py 2>/dev/null | grep '^seen:' | tee seen
diff seen - <<'EOF' && echo "As described."
seen: Attention, window of 1 | tract | the older operator's numbers
seen: Attention, window of 1 | OpenVINO | the older operator's numbers
seen: Attention, window of 1 | ONNX Runtime | right
seen: SpaceToDepth, CRD | tract | the older operator's numbers
seen: SpaceToDepth, CRD | OpenVINO | the older operator's numbers
seen: SpaceToDepth, CRD | ONNX Runtime | right
EOF
