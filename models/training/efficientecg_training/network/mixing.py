"""Lead mixing: the one place where leads see each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from efficientecg_training.network.blocks import ConvNorm


class LeadMixing(nn.Module):
    """Each head averages the leads with weights from a learned lead-by-lead table, the same at every moment.

    The weights are a softmax over the leads that are valid *at that moment*, so any subset of leads works and a masked token
    adds nothing. The table is gathered by lead number; the order of the leads does not matter.
    """

    def __init__(self, channels: int, heads: int, leads: int) -> None:
        super().__init__()
        self.heads, self.leads = heads, leads
        self.table = nn.Parameter(torch.randn(leads * leads, heads) * 0.5)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.output = ConvNorm(channels, channels)

    def forward(self, x: Tensor, lead_ids: Tensor, token_mask: Tensor) -> Tensor:
        """`x` `[N, C, L, K]`, `lead_ids` `[N, L]`, `token_mask` `[N, L, K]`; returns the shape of `x`."""
        n, c, l, k = x.shape
        pairs = lead_ids.unsqueeze(2) * self.leads + lead_ids.unsqueeze(1)
        weights = torch.exp(self.table.clamp(-6.0, 6.0))[pairs].permute(0, 3, 1, 2)  # [N, H, L, L], to x from
        values = self.value(x) * token_mask.unsqueeze(1)
        size = c // self.heads
        values = values.reshape(n, self.heads, size, l, k).permute(0, 1, 3, 2, 4).reshape(n, self.heads, l, size * k)
        total = torch.matmul(weights, values).reshape(n, self.heads, l, size, k)
        norm = torch.matmul(weights, token_mask.unsqueeze(1)).unsqueeze(3)  # [N, H, L, 1, K]
        mean = (total / (norm + 1e-6)).permute(0, 1, 3, 2, 4).reshape(n, c, l, k)
        return (x + self.output(mean)) * token_mask.unsqueeze(1)
