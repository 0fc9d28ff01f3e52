"""Batches as bioflax for Python has them: PyTorch's DataLoader, which makes each example ready by itself when it is asked for."""

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, TensorDataset

from data import DEVIATION, MEAN


class Images(Dataset):
    """MNIST as torchvision's transforms leave it, bytes to standardised floats one image at a time, without the way over PIL."""

    def __init__(self, pixels, labels):
        self.pixels, self.labels = torch.from_numpy(pixels), labels.tolist()

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, i):
        image = self.pixels[i].to(torch.float32).div_(255)
        return image.sub_(MEAN).div_(DEVIATION), self.labels[i]


def tensors(x, y):
    return TensorDataset(torch.from_numpy(x), torch.from_numpy(y))


def loader(dataset, batch, drop_last=False):
    generator = torch.Generator().manual_seed(0)
    return DataLoader(dataset, batch, shuffle=True, generator=generator, drop_last=drop_last)


def endless(batches):
    """Epoch after epoch of a loader's batches, as numpy arrays."""
    while True:
        for x, y in batches:
            yield x.numpy(), y.numpy().astype(np.int32) if y.ndim == 1 else y.numpy()
