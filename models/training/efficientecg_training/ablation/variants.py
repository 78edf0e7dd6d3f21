"""The variants: which features the query and the trees get, and which encoder reads the signal."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from efficientecg_training.ablation.networks import ChannelNetwork
from efficientecg_training.config import LEADS, Config
from efficientecg_training.network.blocks import ConvNorm
from efficientecg_training.network.encoder import PATCH
from efficientecg_training.network.model import EfficientECG


@dataclass(frozen=True)
class Variant:
    """One row of the table."""

    name: str
    encoder: str
    """`shared` (ours), `stacked` (ours, leads as channels of one trace), `resnet`, `xresnet`, or `none` (no signal)."""
    query: tuple[str, ...]
    """Patterns of the features that the queries attend to."""
    trees: tuple[str, ...]
    """Patterns of the features that the trees get."""


EVERYTHING = ("*",)
PERSON = ("age_years", "sex_male")
VARIANTS = (
    Variant("full", "shared", EVERYTHING, EVERYTHING),
    Variant("without fusion: signal alone", "shared", (), ()),
    Variant("without measured features: signal, age, sex", "shared", PERSON, PERSON),
    Variant("without trees: features only direct the look", "shared", EVERYTHING, ()),
    Variant("without the query's features: trees only add", "shared", (), EVERYTHING),
    Variant("without signal: trees alone", "none", (), EVERYTHING),
    Variant("without lead sharing: leads as channels", "stacked", EVERYTHING, EVERYTHING),
    Variant("without lead sharing, signal alone", "stacked", (), ()),
    Variant("ResNet-1d, signal alone", "resnet", (), ()),
    Variant("ResNet-1d beside the trees", "resnet", (), EVERYTHING),
    Variant("xresnet-like, signal alone", "xresnet", (), ()),
    Variant("xresnet-like beside the trees", "xresnet", (), EVERYTHING),
)


class Stacked(nn.Module):
    """Our blocks over one trace whose samples carry all leads: nothing is shared between leads, and evidence has no lead."""

    def __init__(self, config: Config, leads: int, features: int, classes: int) -> None:
        super().__init__()
        self.leads = leads
        self.network = EfficientECG(config.network, len(LEADS), features, classes)
        self.network.encoder.stem = ConvNorm(PATCH * leads, config.network.early_width, 5, padding=2)
        self.network.encoder.patch = PATCH * leads

    def forward(self, signal: Tensor, features: Tensor, known: Tensor, tree_logits: Tensor) -> Tensor:
        n, leads, samples = signal.shape
        hop = self.network.encoder.hop
        # [N, L, T] to one trace of T * L samples, in which each patch of time holds the patches of all leads.
        woven = signal.reshape(n, leads, samples // PATCH, PATCH).permute(0, 2, 1, 3).reshape(n, 1, samples * leads)
        ids = torch.full((n, 1), len(LEADS) - 1, dtype=torch.int64)
        mask = torch.ones(n, 1, samples // hop)
        return self.network(woven, ids, mask, features, known, True, tree_logits).logits


class Shared(nn.Module):
    """The record model itself."""

    def __init__(self, config: Config, ids: list[int], features: int, classes: int) -> None:
        super().__init__()
        self.ids = torch.tensor(ids)
        self.network = EfficientECG(config.network, len(LEADS), features, classes)

    def forward(self, signal: Tensor, features: Tensor, known: Tensor, tree_logits: Tensor) -> Tensor:
        n, leads, samples = signal.shape
        mask = torch.ones(n, leads, samples // self.network.encoder.hop)
        return self.network(signal, self.ids.expand(n, -1), mask, features, known, True, tree_logits).logits


class Beside(nn.Module):
    """Another encoder, its logits added to the trees'."""

    def __init__(self, kind: str, leads: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.network = ChannelNetwork(kind, leads, classes, dropout)
        self.tree_scale = nn.Parameter(torch.ones(classes))

    def forward(self, signal: Tensor, features: Tensor, known: Tensor, tree_logits: Tensor) -> Tensor:
        return self.network(signal) + self.tree_scale * tree_logits


def build(variant: Variant, config: Config, ids: list[int], features: int, classes: int) -> nn.Module:
    """An untrained network of the variant."""
    if variant.encoder == "shared":
        return Shared(config, ids, features, classes)
    if variant.encoder == "stacked":
        return Stacked(config, len(ids), features, classes)
    return Beside(variant.encoder, len(ids), classes, config.network.dropout)
