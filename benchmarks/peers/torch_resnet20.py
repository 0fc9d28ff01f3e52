"""ResNet-20 as bioflax has it."""

import torch
from torch import nn


def convolution(channels, filters, size, strides=1):
    kernel = nn.Conv2d(channels, filters, size, strides, size // 2, bias=False)
    return nn.Sequential(kernel, nn.BatchNorm2d(filters))


class Block(nn.Module):
    def __init__(self, channels, filters, strides):
        super().__init__()
        self.first = convolution(channels, filters, 3, strides)
        self.second = convolution(filters, filters, 3)
        changes = channels != filters
        self.shortcut = convolution(channels, filters, 1, strides) if changes else nn.Identity()

    def forward(self, x):
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


def resnet20():
    layers = [convolution(3, 16, 3), nn.ReLU()]
    channels = 16
    for filters in (16, 32, 64):
        for _ in range(3):
            layers.append(Block(channels, filters, 1 if channels == filters else 2))
            channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))
