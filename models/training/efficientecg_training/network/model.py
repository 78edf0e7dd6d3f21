"""EfficientECG: encoder, fusion and additive read-out."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from efficientecg_training.config import NetworkConfig
from efficientecg_training.network.encoder import Encoder
from efficientecg_training.network.fusion import FeatureFusion
from efficientecg_training.network.readout import AdditiveReadout


class Outputs(NamedTuple):
    """`logits = bias + feature_evidence.sum(-1) + evidence.sum((-1, -2))`."""

    logits: Tensor
    """`[N, C]`"""
    evidence: Tensor
    """`[N, C, L, K]`"""
    feature_evidence: Tensor
    """`[N, C, F]`"""
    bias: Tensor
    """`[C]`"""


class EfficientECG(nn.Module):
    """The same network for records and beats; only the configuration differs."""

    def __init__(self, config: NetworkConfig, leads: int, features: int, classes: int) -> None:
        super().__init__()
        self.encoder = Encoder(config, leads)
        self.dropout = nn.Dropout2d(config.dropout)
        self.fusion = FeatureFusion(features, classes, config.width)
        self.readout = AdditiveReadout(classes, config.width)
        self.bias = nn.Parameter(torch.zeros(classes))

    def forward(
        self, signal: Tensor, lead_ids: Tensor, token_mask: Tensor, features: Tensor, feature_mask: Tensor, all_valid: bool = False
    ) -> Outputs:
        """Shapes as in `models/README.md`. `all_valid` promises an all-ones `token_mask` (a shortcut for training)."""
        tokens = self.dropout(self.encoder(signal, lead_ids, token_mask, all_valid))
        queries, feature_evidence = self.fusion(features, feature_mask)
        evidence = self.readout(tokens, queries, token_mask)
        logits = self.bias + feature_evidence.sum(dim=2) + evidence.sum(dim=(2, 3))
        return Outputs(logits, evidence, feature_evidence, self.bias)


def parameter_count(model: nn.Module) -> int:
    """Number of trained numbers."""
    return sum(p.numel() for p in model.parameters())
