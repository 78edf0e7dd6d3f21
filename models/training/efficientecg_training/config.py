"""Configuration: one committed TOML file a model, read into plain classes. Unknown or missing keys are errors."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "other")
"""The card's `leads`: a lead's place is its number in `lead_ids`."""


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of the network."""

    hop: int
    """Samples a token, 4 or 8."""
    early_width: int
    early_blocks: int
    early_expansion: int
    early_kernel: int
    width: int
    """Channels at the token rate, and size of a token."""
    late_blocks: list[int]
    """MBConv blocks before each lead mixing."""
    expansion: int
    kernel: int
    reduction: int
    mixing_heads: int
    position_waves: int
    """Sines and cosines that tell where in the window a token lies; 0 = the network does not know."""
    dropout: float
    signal_tells: list[str] = field(default_factory=list)
    """Classes that the signal's evidence tells from all others, which then share their mean; none listed: it tells all apart."""


@dataclass(frozen=True)
class InputConfig:
    """What the graph is fed; goes into the card."""

    rate_hz: float
    band_hz: list[float]
    clip_mv: float
    features: list[str]
    """Names or patterns of the features that `efficientecg prepare` measures; `!` in front takes away."""
    before_s: float = 0.0
    after_s: float = 0.0
    max_leads: int = 0
    min_s: float = 0.0
    max_s: float = 0.0
    long_window_s: float = 0.0


@dataclass(frozen=True)
class TrainConfig:
    """How it is trained."""

    seed: int
    epochs: int
    peak_rate: float
    """Highest learning rate of the one-cycle schedule."""
    weight_decay: float
    average_decay: float
    """Decay of the running average of the weights, per step."""
    freeze_norm: float
    """Share of the training after which batch norm uses its running statistics, so that all sets are normalised alike."""
    batch: dict[str, int]
    augment: dict[str, float]


@dataclass(frozen=True)
class TreeConfig:
    """How the trees of one task are grown."""

    rounds: int
    leaves: int
    rate: float
    least_records: int
    """Fewest training records in a leaf."""
    feature_share: float
    """Share of the features that each tree may use."""
    record_share: float
    l2: float
    smoothing: float = 0.0
    """Pull of a split's values towards those above it; helps where leaves are small."""
    features: list[str] = field(default_factory=lambda: ["*"])
    """Patterns of the features that these trees may use."""
    emphasis: dict[str, float] = field(default_factory=dict)
    """Weight of a class's training examples, where it is not 1."""


@dataclass(frozen=True)
class Config:
    """One model."""

    name: str
    kind: str
    version: str
    input: InputConfig
    network: NetworkConfig
    train: TrainConfig
    trees: dict[str, TreeConfig]
    """By task. `beat/S`: trees that tell only S from the rest; what they say of S and what the task's own trees say count half each."""


def load(path: Path) -> Config:
    """Reads a TOML file."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    return Config(
        name=table["name"],
        kind=table["kind"],
        version=table["version"],
        input=_make(InputConfig, table["input"]),
        network=_make(NetworkConfig, table["network"]),
        train=_make(TrainConfig, table["train"]),
        trees={task: _make(TreeConfig, entry) for task, entry in table.get("trees", {}).items()},
    )


def _make(kind: type, table: dict[str, Any]) -> Any:
    names = {field.name for field in dataclasses.fields(kind)}
    unknown = set(table) - names
    if unknown:
        raise ValueError(f"unknown keys for {kind.__name__}: {', '.join(sorted(unknown))}")
    return kind(**table)
