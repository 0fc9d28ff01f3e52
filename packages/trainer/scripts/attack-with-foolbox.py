"""Attacks networks of runs with Foolbox, and prints how right they stay, as JSON.

Reads from standard input {"runs": [folder], "images": file, "labels": file, "examples": how many,
"attacks": [{method, norm, eps, steps, starts}]}.
The networks are dense layers with tanh between, as network.json says, and their weights are final.safetensors.
"""

import json
import sys
from pathlib import Path

import foolbox
import numpy as np
import torch
from safetensors.numpy import load_file

ATTACKS = {
    ("fgsm", "linf"): foolbox.attacks.LinfFastGradientAttack,
    ("fgsm", "l2"): foolbox.attacks.L2FastGradientAttack,
    ("pgd", "linf"): foolbox.attacks.LinfPGD,
    ("pgd", "l2"): foolbox.attacks.L2PGD,
}
ACTIVATIONS = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}
CHUNK = 1000


def network_of(folder):
    stored = json.loads((folder / "network.json").read_text())
    weights = load_file(folder / "final.safetensors")
    layers = []
    for index, spec in enumerate(stored["spec"]["layers"]):
        kernel = torch.tensor(weights[f"layers.{index}.kernel"])
        layer = torch.nn.Linear(*kernel.shape)
        with torch.no_grad():
            layer.weight.copy_(kernel.T)
            layer.bias.copy_(torch.tensor(weights[f"layers.{index}.bias"]))
        layers.append(layer)
        if spec["activation"] in ACTIVATIONS:
            layers.append(ACTIVATIONS[spec["activation"]]())
    scale = stored["data"]["normalization"]
    return foolbox.PyTorchModel(
        torch.nn.Sequential(*layers).eval(),
        bounds=(0, 1),
        preprocessing={"mean": scale["mean"], "std": scale["standardDeviation"]},
        device="cpu",
    )


def attack_of(method, norm, eps, steps=None, starts=None):
    if method == "fgsm":
        return ATTACKS[method, norm](random_start=False)
    return ATTACKS[method, norm](abs_stepsize=2.5 * eps / steps, steps=steps, random_start=starts > 0)


def right(network, images, labels):
    with torch.no_grad():
        return network(images).argmax(-1) == labels


def accuracy(network, images, labels, method, norm, eps, **effort):
    count = 0
    for x, y in zip(images.split(CHUNK), labels.split(CHUNK)):
        stands = right(network, x, y)
        if eps > 0:
            _, moved, _ = attack_of(method, norm, eps, **effort)(network, x, y, epsilons=eps)
            stands &= right(network, moved, y)
        count += int(stands.sum())
    return count / len(labels)


given = json.load(sys.stdin)
torch.manual_seed(0)
torch.set_num_threads(1)
images = np.fromfile(given["images"], np.uint8)[16:].reshape(-1, 784)
labels = np.fromfile(given["labels"], np.uint8)[8:]
x = torch.tensor(images.astype(np.float32) / 255)[: given["examples"]]
y = torch.tensor(labels.astype(np.int64))[: given["examples"]]
found = [
    [
        [accuracy(network, x, y, **{**attack, "eps": eps}) for eps in attack["eps"]]
        for attack in given["attacks"]
    ]
    for network in (network_of(Path(run)) for run in given["runs"])
]
print(json.dumps({"versions": {"foolbox": foolbox.__version__, "torch": torch.__version__}, "accuracy": found}))
