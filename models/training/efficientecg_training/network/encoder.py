"""Encoder: leads of any number and length to tokens `[N, D, L, K]`, one every `hop` samples of each lead."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from efficientecg_training.config import NetworkConfig
from efficientecg_training.network.blocks import ConvNorm, FusedMBConv, MBConv, masked
from efficientecg_training.network.mixing import LeadMixing

PATCH = 4
"""Samples folded into channels before the first convolution (an early stride of 4)."""


class Encoder(nn.Module):
    """Stem and fused MBConv blocks at a quarter of the rate, MBConv blocks and lead mixing at the token rate."""

    def __init__(self, config: NetworkConfig, leads: int) -> None:
        super().__init__()
        if config.hop not in (4, 8):
            raise ValueError(f"hop must be 4 or 8 samples, not {config.hop}")
        self.hop = config.hop
        self.patch = PATCH
        early, width = config.early_width, config.width
        self.stem = ConvNorm(PATCH, early, 5, padding=2)
        self.lead_early = nn.Embedding(leads, early)
        self.early = nn.ModuleList(
            FusedMBConv(early, early, config.early_expansion, config.early_kernel, stride=1) for _ in range(config.early_blocks)
        )
        self.down = FusedMBConv(early, width, config.early_expansion, config.early_kernel, stride=config.hop // PATCH)
        self.lead_late = nn.Embedding(leads, width)
        self.position = nn.Linear(2 * config.position_waves, width) if config.position_waves else None
        self.stages = nn.ModuleList()
        self.mixers = nn.ModuleList()
        for blocks in config.late_blocks:
            self.stages.append(
                nn.ModuleList(MBConv(width, config.expansion, config.kernel, config.reduction) for _ in range(blocks))
            )
            self.mixers.append(LeadMixing(width, config.mixing_heads, leads))
        nn.init.normal_(self.lead_early.weight, std=0.1)
        nn.init.normal_(self.lead_late.weight, std=0.1)
        self.register_buffer("waves", math.pi * torch.arange(1, config.position_waves + 1, dtype=torch.float32), persistent=False)

    def forward(self, signal: Tensor, lead_ids: Tensor, token_mask: Tensor, all_valid: bool = False) -> Tensor:
        """`signal` `[N, L, T]` mV, `lead_ids` int64 `[N, L]`, `token_mask` `[N, L, K]`; returns `[N, D, L, K]`.

        `all_valid` promises that the mask is all ones and skips the masking.
        """
        n, l, _ = signal.shape
        k = token_mask.shape[2]
        late = None if all_valid else token_mask.unsqueeze(1)
        early = late
        if not all_valid and self.hop > PATCH:
            early = torch.stack([token_mask] * (self.hop // PATCH), dim=3).reshape(n, 1, l, k * (self.hop // PATCH))
        x = signal.reshape(n, l, k * (self.hop // PATCH), self.patch).permute(0, 3, 1, 2)
        x = masked(x, early)
        x = self.stem(x) + self.lead_early(lead_ids).permute(0, 2, 1).unsqueeze(3)
        x = masked(nn.functional.silu(x), early)
        for block in self.early:
            x = block(x, early)
        x = self.down(x, late) + self.lead_late(lead_ids).permute(0, 2, 1).unsqueeze(3)
        if self.position is not None:
            x = x + self.positions(k).unsqueeze(1)
        x = masked(x, late)
        for stage, mixer in zip(self.stages, self.mixers, strict=True):
            for block in stage:
                x = block(x, late)
            x = mixer(x, lead_ids, token_mask)
        return x

    def positions(self, k: int) -> Tensor:
        """Where in the window a token lies, -1 to 1, as sines and cosines: `[D, K]`. For windows cut around a beat."""
        place = (2.0 * torch.arange(k, dtype=torch.float32) + 1.0) / k - 1.0
        angle = place.unsqueeze(1) * self.waves
        return self.position(torch.cat([torch.sin(angle), torch.cos(angle)], dim=1)).permute(1, 0)
