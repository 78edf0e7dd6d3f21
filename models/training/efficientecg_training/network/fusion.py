"""Fusion: every class has a query that attends to the known features (age, sex, measurements)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

MASKED = -1.0e4
"""Added to an attention score whose key is absent: its weight is exactly 0 in 32-bit floats."""


class FeatureFusion(nn.Module):
    """Cross-attention from class queries to feature tokens, plus a learned null token so that nothing known is fine.

    A feature's token is a smooth function of its value; keys tell features apart. The fused query decides where the read-out looks; what
    the features add to the logit by themselves is the forest's (`trees`).
    """

    def __init__(self, features: int, classes: int, width: int, hidden: int = 8) -> None:
        super().__init__()
        self.slope = nn.Parameter(torch.randn(features, hidden))
        self.offset = nn.Parameter(torch.randn(features, hidden))
        self.identity = nn.Parameter(torch.randn(features, width) * 0.5)
        self.key = nn.Linear(hidden, width, bias=False)
        self.value = nn.Linear(hidden, width, bias=False)
        self.query = nn.Parameter(torch.randn(classes, width))
        self.null_key = nn.Parameter(torch.randn(1, width))
        self.null_value = nn.Parameter(torch.zeros(1, width))
        self.output = nn.Linear(width, width)
        nn.init.normal_(self.output.weight, std=0.02)

    def forward(self, features: Tensor, feature_mask: Tensor) -> Tensor:
        """`features`, `feature_mask` `[N, F]`; returns fused queries `[N, C, D]`."""
        known = feature_mask.unsqueeze(1)  # [N, 1, F]
        x = (features.clamp(-5.0, 5.0) * feature_mask).unsqueeze(2)
        token = torch.tanh(x * self.slope + self.offset)  # [N, F, H]
        key = self.key(token) + self.identity
        value = self.value(token) + self.identity
        scale = self.query.shape[1] ** -0.5
        score = torch.matmul(self.query, key.permute(0, 2, 1)) * scale + (known - 1.0) * -MASKED  # [N, C, F]
        null = torch.matmul(self.query, self.null_key.permute(1, 0)) * scale  # [C, 1]
        null = null + score[:, :, :1] * 0.0
        alpha = torch.softmax(torch.cat([score, null], dim=2), dim=2)
        on_features, on_null = alpha[:, :, :-1] * known, alpha[:, :, -1:]
        return self.query + self.output(torch.matmul(on_features, value) + on_null * self.null_value)
