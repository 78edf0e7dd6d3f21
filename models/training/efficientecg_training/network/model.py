"""EfficientECG: encoder, fusion, forest and additive read-out."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from efficientecg_training.config import NetworkConfig
from efficientecg_training.network.encoder import Encoder
from efficientecg_training.network.familiarity import Familiarity
from efficientecg_training.network.fusion import FeatureFusion
from efficientecg_training.network.readout import AdditiveReadout
from efficientecg_training.trees.forest import Forest
from efficientecg_training.trees.table import ForestTable


GROUPS = 3
"""Kinds of input that familiarity knows: one lead, a few, many."""


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
    distance: Tensor
    """`[N]`, see `Familiarity`."""


class EfficientECG(nn.Module):
    """The same network for records and beats; only the configuration differs. `told`: numbers of the classes that the signal tells from
    the others, see `NetworkConfig.signal_tells`.

    Network and trees are trained apart, each as if it were alone; `combine` weighs them, with weights found on records that neither had
    seen. So each can answer without the other, and the evidence on the signal is not merely what the trees left over.
    """

    def __init__(self, config: NetworkConfig, leads: int, features: int, classes: int, told: list[int] | None = None) -> None:
        super().__init__()
        self.encoder = Encoder(config, leads)
        self.dropout = nn.Dropout2d(config.dropout)
        self.fusion = FeatureFusion(features, classes, config.width)
        self.readout = AdditiveReadout(classes, config.width)
        self.familiarity = Familiarity(GROUPS, config.width)
        self.bias = nn.Parameter(torch.zeros(classes))
        self.forests = nn.ModuleList()
        mixing = None
        if told:
            others = torch.tensor([float(c not in told) for c in range(classes)])
            mixing = torch.diag(1.0 - others) + torch.outer(others, others) / others.sum()
        # Follows from the configuration, hence is not kept with the weights.
        self.register_buffer("mixing", mixing, persistent=False)

    def with_forests(self, tables: list[ForestTable]) -> EfficientECG:
        """Adds the forests of all tasks, in the order of their classes; their base goes into the bias."""
        self.forests = nn.ModuleList(Forest.of(table) for table in tables)
        with torch.no_grad():
            self.bias += torch.cat([forest.base for forest in self.forests])
        return self

    @torch.no_grad()
    def combine(self, features: Tensor, signal: Tensor, offset: Tensor) -> None:
        """Makes the logits `features * sum of feature evidence + signal * sum of signal evidence + offset`, all three `[C]`, and scales the
        evidence with them. `offset` takes the place of the bias."""
        first = 0
        for forest in self.forests:
            forest.scale(features[first : first + forest.classes])
            first += forest.classes
        if self.mixing is None:
            self.readout.direction *= signal.unsqueeze(1)
        else:
            self.mixing *= signal.unsqueeze(1)
        self.bias.copy_(offset)

    def forward(
        self, signal: Tensor, lead_ids: Tensor, token_mask: Tensor, features: Tensor, feature_mask: Tensor, all_valid: bool = False
    ) -> Outputs:
        """Shapes as in `models/README.md`. `all_valid` promises an all-ones `token_mask` (a shortcut for training)."""
        tokens = self.encoder(signal, lead_ids, token_mask, all_valid)
        distance = self.familiarity(tokens, token_mask)
        tokens = self.dropout(tokens)
        evidence = self.readout(tokens, self.fusion(features, feature_mask), token_mask)
        if self.mixing is not None and not self.training:
            evidence = torch.matmul(self.mixing, evidence.reshape(*evidence.shape[:2], -1)).reshape(evidence.shape)
        if len(self.forests):
            feature_evidence = torch.cat([forest(features, feature_mask) for forest in self.forests], dim=1)
        else:
            feature_evidence = evidence.new_zeros((evidence.shape[0], evidence.shape[1], features.shape[1]))
        logits = self.bias + feature_evidence.sum(dim=2) + evidence.sum(dim=(2, 3))
        return Outputs(logits, evidence, feature_evidence, self.bias, distance)


def parameter_count(model: nn.Module) -> int:
    """Number of trained numbers, those of the trees included."""
    return sum(p.numel() for p in model.parameters()) + sum(f.numbers() for f in model.modules() if isinstance(f, Forest))
