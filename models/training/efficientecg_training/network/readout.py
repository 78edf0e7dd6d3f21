"""Read-out: what every token adds to every class."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from efficientecg_training.network.fusion import MASKED


class AdditiveReadout(nn.Module):
    """`evidence[c, l, t] = a_c[l, t] * (u_c . v[l, t])`, with `a_c` a softmax over the valid tokens by the fused query."""

    def __init__(self, classes: int, width: int) -> None:
        super().__init__()
        self.key = nn.Linear(width, width, bias=False)
        self.query = nn.Linear(width, width, bias=False)
        self.direction = nn.Parameter(torch.randn(classes, width) * 0.1)

    def forward(self, tokens: Tensor, queries: Tensor, token_mask: Tensor) -> Tensor:
        """`tokens` `[N, D, L, K]`, `queries` `[N, C, D]`, `token_mask` `[N, L, K]`; returns `[N, C, L, K]`."""
        n, d, l, k = tokens.shape
        valid = token_mask.reshape(n, 1, l * k)
        flat = tokens.reshape(n, d, l * k)
        # (W_q q) . (W_k v) = (W_k' W_q q) . v: one small product instead of one over all tokens.
        query = torch.matmul(self.query(queries), self.key.weight) * d**-0.5
        attention = torch.softmax(torch.matmul(query, flat) + (valid - 1.0) * -MASKED, dim=2) * valid
        evidence = attention * torch.matmul(self.direction, flat)
        return evidence.reshape(n, self.direction.shape[0], l, k)
