"""Encoders to compare with, of about the size of ours: all leads as channels of one 1-D network, mean over time, linear read-out."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


def _conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv1d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm1d(outputs))


class Residual(nn.Module):
    """Two convolutions and a way around them."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.first, self.second = _conv(inputs, outputs, kernel, stride), _conv(outputs, outputs, kernel)
        self.around = nn.Identity() if inputs == outputs and stride == 1 else _conv(inputs, outputs, 1, stride)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.second(functional.relu(self.first(x))) + self.around(x))


class Bottleneck(nn.Module):
    """1, k, 1 convolutions; the way around is averaged before it is projected (the "x" of xresnet)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        hidden = outputs // 2
        self.body = nn.Sequential(_conv(inputs, hidden, 1), nn.ReLU(), _conv(hidden, hidden, kernel, stride), nn.ReLU(), _conv(hidden, outputs, 1))
        around: list[nn.Module] = [nn.AvgPool1d(stride, ceil_mode=True)] if stride > 1 else []
        self.around = nn.Sequential(*around, *([_conv(inputs, outputs, 1)] if inputs != outputs else []))

    def forward(self, x: Tensor) -> Tensor:
        y, around = self.body(x), self.around(x)
        return functional.relu(y + around[:, :, : y.shape[2]])


class ChannelNetwork(nn.Module):
    """`[N, 12, T]` to logits. `kind`: `resnet` or `xresnet`."""

    def __init__(self, kind: str, leads: int, classes: int, dropout: float) -> None:
        super().__init__()
        if kind == "resnet":
            width, stem, block = 24, _conv(leads, 24, 9, 2), Residual
            stages = [(24, 1), (32, 2), (40, 2), (56, 2)]
        else:
            width = 32
            stem = nn.Sequential(_conv(leads, 24, 5, 2), nn.ReLU(), _conv(24, 24, 5), nn.ReLU(), _conv(24, 32, 5))
            block = Bottleneck
            stages = [(48, 1), (64, 2), (80, 2), (96, 2), (96, 1)]
        layers: list[nn.Module] = [stem, nn.ReLU(), nn.MaxPool1d(2)]
        for outputs, stride in stages:
            layers.append(block(width, outputs, 5, stride))
            width = outputs
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(width, classes))

    def forward(self, signal: Tensor) -> Tensor:
        return self.head(self.body(signal).mean(dim=2))


def size(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


if __name__ == "__main__":
    for kind in ("resnet", "xresnet"):
        network = ChannelNetwork(kind, 12, 43, 0.1)
        print(kind, size(network), network(torch.zeros(2, 12, 1000)).shape)
