"""Network of the wave model: every 4 ms of every lead is none of them, P, QRS or T.

It is the encoder family of EfficientECG once more (samples folded into channels, fused and depthwise MBConv, leads that see each
other), with a way back up to the samples: half the token rate in the middle for reach, a skip for sharpness.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from efficientecg_training.network.blocks import ConvNorm, FusedMBConv, MBConv, masked
from efficientecg_training.network.mixing import LeadMixing

CLASSES = ("none", "P", "QRS", "T")
FOLD = 4
"""Samples folded into channels before the first convolution."""
HOP = 2 * FOLD
"""Samples a token of the mask has, and of which inputs are whole multiples."""


@dataclass(frozen=True)
class WaveNetworkConfig:
    """Shape of the network."""

    narrow: int
    """Channels at the token rate."""
    wide: int
    """Channels at half the token rate."""
    stages: list[int]
    """MBConv blocks before each lead mixing."""
    expansion: int
    kernel: int
    reduction: int
    mixing_heads: int
    dropout: float


class WaveNet(nn.Module):
    """`signal` `[N, L, T]` mV, `lead_ids` `[N, L]`, `token_mask` `[N, L, T / 8]` to logits `[N, L, T, 4]`."""

    def __init__(self, config: WaveNetworkConfig, leads: int) -> None:
        super().__init__()
        narrow, wide = config.narrow, config.wide
        self.stem = ConvNorm(FOLD, narrow, 7, padding=3)
        self.lead_early = nn.Embedding(leads, narrow)
        self.early = FusedMBConv(narrow, narrow, 2, 5, stride=1)
        self.down = FusedMBConv(narrow, wide, 1, 4, stride=2)
        self.lead_late = nn.Embedding(leads, wide)
        self.stages = nn.ModuleList()
        self.mixers = nn.ModuleList()
        for blocks in config.stages:
            self.stages.append(nn.ModuleList(MBConv(wide, config.expansion, config.kernel, config.reduction) for _ in range(blocks)))
            self.mixers.append(LeadMixing(wide, config.mixing_heads, leads))
        self.up = ConvNorm(wide, 2 * narrow)
        self.late = FusedMBConv(narrow, narrow, 2, 5, stride=1)
        self.last_mixer = LeadMixing(narrow, config.mixing_heads, leads)
        self.final = FusedMBConv(narrow, narrow, 2, 5, stride=1)
        self.dropout = nn.Dropout2d(config.dropout)
        self.head = nn.Conv2d(narrow, FOLD * len(CLASSES), 1)
        nn.init.normal_(self.lead_early.weight, std=0.1)
        nn.init.normal_(self.lead_late.weight, std=0.1)

    def forward(self, signal: Tensor, lead_ids: Tensor, token_mask: Tensor) -> Tensor:
        n, l, t = signal.shape
        k = t // FOLD
        fine_mask = torch.stack([token_mask] * 2, dim=3).reshape(n, l, k)
        fine, coarse = fine_mask.unsqueeze(1), token_mask.unsqueeze(1)
        x = masked(signal.reshape(n, l, k, FOLD).permute(0, 3, 1, 2), fine)
        x = self.stem(x) + self.lead_early(lead_ids).permute(0, 2, 1).unsqueeze(3)
        x = self.early(masked(nn.functional.silu(x), fine), fine)
        y = masked(self.down(x, coarse) + self.lead_late(lead_ids).permute(0, 2, 1).unsqueeze(3), coarse)
        for stage, mixer in zip(self.stages, self.mixers, strict=True):
            for block in stage:
                y = block(y, coarse)
            y = mixer(y, lead_ids, token_mask)
        y = self.up(y)
        y = y.reshape(n, 2, x.shape[1], l, k // 2).permute(0, 2, 3, 4, 1).reshape(n, x.shape[1], l, k)
        x = masked(x + y, fine)
        x = self.late(x, fine)
        x = self.last_mixer(x, lead_ids, fine_mask)
        x = self.head(self.dropout(self.final(x, fine)))
        return x.reshape(n, FOLD, len(CLASSES), l, k).permute(0, 3, 4, 1, 2).reshape(n, l, t, len(CLASSES))


class WaveGraph(nn.Module):
    """What is exported: probabilities `[N, L, 4, T]`."""

    def __init__(self, network: WaveNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, signal: Tensor, lead_ids: Tensor, token_mask: Tensor) -> Tensor:
        return torch.softmax(self.network(signal, lead_ids, token_mask).permute(0, 1, 3, 2), dim=2)
