"""Convolution blocks of the encoder, all of them over `[N, C, L, K]`: batch, channels, leads, time.

Leads are the height of a 2-D convolution whose kernels are `(1, k)`: one set of weights for every lead, and no lead sees
another. `mask` is `[N, 1, L, K]` with 1 for a valid position; `None` means that all are valid and saves the multiplications.
Every block leaves zeros where the mask is 0, so that a masked stretch is exactly what zero padding is: it influences nothing.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


def masked(x: Tensor, mask: Tensor | None) -> Tensor:
    """`x` with zeros where the mask is 0."""
    return x if mask is None else x * mask


class ConvNorm(nn.Module):
    """Convolution without bias and batch norm.

    `freeze` makes the norm use its running statistics from then on, folded into the convolution's weights: training goes on with
    what will be used, samples of one batch no longer influence each other, and it is faster.
    """

    def __init__(self, inputs: int, outputs: int, kernel: int = 1, stride: int = 1, padding: int = 0, groups: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(
            inputs, outputs, (1, kernel), stride=(1, stride), padding=(0, padding), groups=groups, bias=False
        )
        self.norm = nn.BatchNorm2d(outputs)
        self.frozen = False

    def forward(self, x: Tensor) -> Tensor:
        if self.training and not self.frozen:
            return self.norm(self.conv(x))
        scale = self.norm.weight * torch.rsqrt(self.norm.running_var + self.norm.eps)
        shift = self.norm.bias - self.norm.running_mean * scale
        weight = self.conv.weight * scale.reshape(-1, 1, 1, 1)
        conv = self.conv
        return nn.functional.conv2d(x, weight, shift, conv.stride, conv.padding, conv.dilation, conv.groups)


def freeze_norms(model: nn.Module) -> None:
    """Freezes every `ConvNorm` of the model."""
    for module in model.modules():
        if isinstance(module, ConvNorm):
            module.frozen = True


class SqueezeExcite(nn.Module):
    """Scales each channel by a gate computed from its mean over the valid time of the same lead."""

    def __init__(self, channels: int, reduction: int) -> None:
        super().__init__()
        hidden = max(8, channels // reduction)
        self.reduce = nn.Conv2d(channels, hidden, 1)
        self.expand = nn.Conv2d(hidden, channels, 1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        if mask is None:
            mean = x.mean(dim=3, keepdim=True)
        else:
            mean = (x * mask).sum(dim=3, keepdim=True) / mask.sum(dim=3, keepdim=True).clamp(min=1.0)
        return x * torch.sigmoid(self.expand(nn.functional.silu(self.reduce(mean))))


class FusedMBConv(nn.Module):
    """Expanding dense convolution, then projection: for the long, narrow early stages. `stride` 1 or 2."""

    def __init__(self, inputs: int, outputs: int, expansion: int, kernel: int, stride: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        # An even kernel keeps the output centred on the pair of inputs it replaces.
        width, pad = (kernel, kernel // 2) if stride == 1 else (4, 1)
        self.expand = ConvNorm(inputs, hidden, width, stride, pad)
        self.project = ConvNorm(hidden, outputs)
        self.residual = stride == 1 and inputs == outputs

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """`mask` is that of the output."""
        y = self.project(nn.functional.silu(self.expand(x)))
        return masked(x + y if self.residual else y, mask)


class MBConv(nn.Module):
    """Expand, depthwise over time, squeeze-excite, project; residual. For the short late stages."""

    def __init__(self, channels: int, expansion: int, kernel: int, reduction: int) -> None:
        super().__init__()
        hidden = channels * expansion
        self.expand = ConvNorm(channels, hidden)
        self.depthwise = ConvNorm(hidden, hidden, kernel, padding=kernel // 2, groups=hidden)
        self.gate = SqueezeExcite(hidden, reduction)
        self.project = ConvNorm(hidden, channels)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        y = masked(nn.functional.silu(self.expand(x)), mask)
        y = nn.functional.silu(self.depthwise(y))
        y = self.project(self.gate(y, mask))
        return masked(x + y, mask)
