"""Configuration of the wave model: one committed TOML file. Unknown or missing keys are errors."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from efficientecg_training.waves.network import WaveNetworkConfig


@dataclass(frozen=True)
class WaveInput:
    """What the graph is fed; goes into the card."""

    rate_hz: float
    band_hz: list[float]
    clip_mv: float
    min_s: float
    max_s: float
    long_window_s: float


@dataclass(frozen=True)
class WaveTraining:
    """How it is trained."""

    seed: int
    steps: int
    leads_per_batch: int
    peak_rate: float
    weight_decay: float
    average_decay: float
    freeze_norm: float
    """Share of the training after which batch norm uses its running statistics."""
    simulated_share: float
    """Share of simulated examples."""
    folds: int
    """Groups of `folds/ludb.csv` held out in turn: fold modulo this."""


@dataclass(frozen=True)
class WaveConfig:
    """The whole."""

    name: str
    version: str
    input: WaveInput
    network: WaveNetworkConfig
    train: WaveTraining


def load(path: Path) -> WaveConfig:
    """Reads a TOML file."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    return WaveConfig(
        table["name"], table["version"], WaveInput(**table["input"]), WaveNetworkConfig(**table["network"]), WaveTraining(**table["train"])
    )
