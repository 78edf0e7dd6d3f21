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
    """One row of the table: an encoder's logits, the trees' logits, or both, weighed as the record model weighs them."""

    name: str
    encoder: str | None
    """`shared` (ours), `pretrained` (ours, begun from weights that no label was needed for), `stacked` (ours, leads as channels of one trace), `resnet`, `xresnet`; none: no signal."""
    query: bool
    """Whether the queries attend to the features."""
    trees: tuple[str, ...]
    """Patterns of the features that the trees get; none: no trees."""


EVERYTHING = ("*",)
VARIANTS = (
    Variant("full", "shared", True, EVERYTHING),
    Variant("without fusion: signal alone", "shared", False, ()),
    Variant("with pre-training: signal alone", "pretrained", False, ()),
    Variant("with pre-training: signal and trees", "pretrained", False, EVERYTHING),
    Variant("without measured features: signal, age and sex", "shared", False, ("age_years", "sex_male")),
    Variant("without trees: features only direct the look", "shared", True, ()),
    Variant("without the query's features: trees only add", "shared", False, EVERYTHING),
    Variant("without signal: trees alone", None, False, EVERYTHING),
    Variant("without age and sex", "shared", False, ("*", "!age_years", "!sex_male")),
    Variant("without lead sharing: leads as channels, trees", "stacked", False, EVERYTHING),
    Variant("without lead sharing: leads as channels, signal alone", "stacked", False, ()),
    Variant("ResNet-1d, signal alone", "resnet", False, ()),
    Variant("ResNet-1d and trees", "resnet", False, EVERYTHING),
    Variant("xresnet-like, signal alone", "xresnet", False, ()),
    Variant("xresnet-like and trees", "xresnet", False, EVERYTHING),
)


class Stacked(nn.Module):
    """Our blocks over one trace whose samples carry all leads: nothing is shared between leads, and evidence has no lead."""

    def __init__(self, config: Config, leads: int, features: int, classes: int) -> None:
        super().__init__()
        self.leads = leads
        self.network = EfficientECG(config.network, len(LEADS), features, classes)
        self.network.encoder.stem = ConvNorm(PATCH * leads, config.network.early_width, 5, padding=2)
        self.network.encoder.patch = PATCH * leads

    def forward(self, signal: Tensor, features: Tensor, known: Tensor) -> Tensor:
        n, leads, samples = signal.shape
        hop = self.network.encoder.hop
        # [N, L, T] to one trace of T * L samples, in which each patch of time holds the patches of all leads.
        woven = signal.reshape(n, leads, samples // PATCH, PATCH).permute(0, 2, 1, 3).reshape(n, 1, samples * leads)
        ids = torch.full((n, 1), len(LEADS) - 1, dtype=torch.int64)
        mask = torch.ones(n, 1, samples // hop)
        return self.network(woven, ids, mask, features, known, True).logits


class Shared(nn.Module):
    """The record model itself."""

    def __init__(self, config: Config, ids: list[int], features: int, classes: int) -> None:
        super().__init__()
        self.ids = torch.tensor(ids)
        self.network = EfficientECG(config.network, len(LEADS), features, classes)

    def forward(self, signal: Tensor, features: Tensor, known: Tensor) -> Tensor:
        n, leads, samples = signal.shape
        mask = torch.ones(n, leads, samples // self.network.encoder.hop)
        return self.network(signal, self.ids.expand(n, -1), mask, features, known, True).logits


class Other(nn.Module):
    """Another encoder."""

    def __init__(self, kind: str, leads: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.network = ChannelNetwork(kind, leads, classes, dropout)

    def forward(self, signal: Tensor, features: Tensor, known: Tensor) -> Tensor:
        return self.network(signal)


def build(encoder: str, config: Config, ids: list[int], features: int, classes: int) -> nn.Module:
    """An untrained network."""
    if encoder in ("shared", "pretrained"):
        return Shared(config, ids, features, classes)
    if encoder == "stacked":
        return Stacked(config, len(ids), features, classes)
    return Other(encoder, len(ids), classes, config.network.dropout)
